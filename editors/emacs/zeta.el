;;; zeta.el --- Next-edit prediction in any buffer  -*- lexical-binding: t; -*-

;; Copyright (C) 2026 The zeta-lsp authors

;; Author: The zeta-lsp authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: tools, convenience, languages
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; zeta-lsp follows what you edit and proposes the next edit: text at the cursor as ghost text,
;; changes elsewhere as a diff in place, and what is out of sight as a hint where it is.
;;
;;     (require 'zeta)
;;     (global-zeta-mode)
;;
;; TAB takes what is shown, M-f or C-<right> a word of it, C-e a line, C-g hides it.  These keys are
;; ours only while something is shown, and never while a completion popup or a snippet field has
;; them.  The other commands are behind `C-c ,'.
;;
;; The package has a connection of its own to zeta-lsp, beside Eglot or lsp-mode, whose servers it
;; asks for definitions and diagnostics when zeta-lsp wants to know more (zeta-bridge.el).  The
;; library of the other parts: zeta-text.el counts, zeta-wire.el talks, zeta-sync.el keeps the
;; server's text true, zeta-ask.el asks, zeta-show.el draws, zeta-take.el takes, zeta-status.el
;; tells.

;;; Code:

(require 'project)
(require 'zeta-ask)
(require 'zeta-bridge)
(require 'zeta-show)
(require 'zeta-status)
(require 'zeta-sync)
(require 'zeta-take)
(require 'zeta-wire)

(defgroup zeta nil
  "Next-edit prediction."
  :group 'tools
  :prefix "zeta-")

(defcustom zeta-buffer-size-max 2000000
  "Buffers with more characters than this are left alone."
  :type 'integer
  :group 'zeta)

(defvar-local zeta--looking nil
  "The timer that sees what changed other than by a command, or nil.")

(defvar zeta-command-map
  (let ((map (make-sparse-keymap)))
    (define-key map "n" #'zeta-next-edit)
    (define-key map "j" #'zeta-jump)
    (define-key map "a" #'zeta-accept)
    (define-key map "w" #'zeta-accept-word)
    (define-key map "l" #'zeta-accept-line)
    (define-key map "r" #'zeta-reject)
    (define-key map "h" #'zeta-hide)
    (define-key map "s" #'zeta-status)
    (define-key map "e" #'zeta-explain)
    (define-key map "p" #'zeta-pause)
    (define-key map "c" #'zeta-capture-on)
    (define-key map "C" #'zeta-capture-off)
    map)
  "Keys for all commands, behind a prefix of `zeta-mode-map'.")

(defvar zeta-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c ,") zeta-command-map)
    map)
  "Keys of `zeta-mode'.")

(defvar zeta-shown-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "TAB") #'zeta-accept)
    (define-key map (kbd "<tab>") #'zeta-accept)
    (define-key map (kbd "C-g") #'zeta-hide)
    map)
  "Keys while a prediction is on the screen.")

(defvar zeta-ghost-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "M-f") #'zeta-accept-word)
    (define-key map (kbd "C-<right>") #'zeta-accept-word)
    (define-key map (kbd "C-e") #'zeta-accept-line)
    map)
  "More keys while ghost text is on the screen.")

;;;###autoload
(define-minor-mode zeta-mode
  "Propose the next edit of this buffer.

While a prediction is shown:
\\{zeta-shown-map}
At any time:
\\{zeta-mode-map}"
  :lighter (:eval (zeta-status-lighter))
  (if zeta-mode
      (zeta--begin)
    (zeta--end)))

;;;###autoload
(define-globalized-minor-mode global-zeta-mode zeta-mode zeta--turn-on
  :predicate '((not special-mode) t)
  :group 'zeta)

(defun zeta-restart ()
  "Start zeta-lsp anew."
  (interactive)
  (zeta-wire-stop)
  (zeta-wire-start))

(defun zeta--turn-on ()
  "Turn `zeta-mode' on if it can work in this buffer."
  (unless (zeta--obstacle)
    (zeta-mode)))

(defun zeta--obstacle ()
  "Why zeta-lsp cannot follow this buffer, nil if it can."
  (let ((file (zeta-sync-file)))
    (cond ((not file) "the buffer visits no file")
          ((find-file-name-handler file 'insert-file-contents)
           "the file is on another machine, encrypted or packed")
          ((not enable-multibyte-characters) "the file is no text")
          ((> (buffer-size) zeta-buffer-size-max) "the buffer is too large"))))

(defun zeta--begin ()
  "Have zeta-lsp follow this buffer."
  (let ((obstacle (zeta--obstacle)))
    (when obstacle
      (setq zeta-mode nil)
      (user-error "No predictions here: %s" obstacle)))
  (zeta--hooks #'add-hook)
  (zeta-sync-attach (zeta--folder))
  (zeta-ask-begin)
  (zeta-wire-start))

(defun zeta--end ()
  "Have zeta-lsp forget this buffer."
  (zeta--hooks #'remove-hook)
  (zeta-ask-forget)
  (zeta-show-clear)
  (zeta-sync-detach))

(defun zeta--hooks (change)
  "Apply CHANGE, `add-hook' or `remove-hook', to all hooks of the mode."
  (let ((arguments (if (eq change #'add-hook) '(nil t) '(t))))
    (pcase-dolist (`(,hook . ,function)
                   '((zeta-sync-changed-functions . zeta--changed)
                     (post-command-hook . zeta-ask-look)
                     (window-selection-change-functions . zeta--selected)
                     (kill-buffer-hook . zeta--end)
                     (change-major-mode-hook . zeta--end)
                     (clone-indirect-buffer-hook . zeta-show-disown)
                     (after-set-visited-file-name-hook . zeta--renamed)))
      (apply change hook function arguments))))

(defun zeta--folder ()
  "The workspace folder of this buffer's file."
  (let* ((default-directory (file-name-directory (zeta-sync-file)))
         (project (project-current)))
    (if project (project-root project) default-directory)))

(defun zeta--changed (beg end gone)
  "The text between BEG and END took the place of GONE.
After a command that is looked at anyway; other changes are once Emacs is idle."
  (zeta-show-follow beg end gone)
  (unless zeta--looking
    (setq zeta--looking (run-at-time 0 nil #'zeta--look (current-buffer)))))

(defun zeta--look (buffer)
  "See whether BUFFER changed other than by a command."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (setq zeta--looking nil)
      (zeta-ask-look))))

(defun zeta--selected (window)
  "WINDOW, which shows this buffer, was selected, or another one was instead."
  (with-current-buffer (window-buffer window)
    (if (eq window (selected-window))
        (zeta-sync-focus)
      (zeta-ask-forget)
      (zeta-show-clear))))

(defun zeta--renamed ()
  "The buffer visits another file now, or none."
  (zeta-sync-detach)
  (if (zeta--obstacle)
      (zeta-mode -1)
    (zeta-sync-attach (zeta--folder))))

(defun zeta--lost ()
  "There is no server any more: nothing is proposed, and no answer will come."
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when zeta-mode
        (zeta-ask-forget)
        (zeta-show-clear)))))

(setq zeta-take-open-function #'zeta-mode)
(add-hook 'zeta-wire-lost-hook #'zeta--lost)
(add-to-list 'minor-mode-map-alist (cons 'zeta-show-form zeta-shown-map))
(add-to-list 'minor-mode-map-alist (cons 'zeta-show-ghosting zeta-ghost-map))

(provide 'zeta)
;;; zeta.el ends here
