;;; zeta-status.el --- Say what zeta-lsp is doing  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; The server says what is going on whenever it changes; the mode line shows it, and commands tell
;; the rest.  What the server asks a person, about consent above all, is asked in the minibuffer,
;; where an answer has to be chosen: a key that was meant for the buffer is none.

;;; Code:

(require 'cl-lib)
(require 'iso8601)
(require 'seq)
(require 'zeta-sync)
(require 'zeta-wire)

(defface zeta-recording '((t :inherit error))
  "The sign that what happens in a buffer is recorded."
  :group 'zeta)

(defcustom zeta-show-reason t
  "Whether the mode line shows why there is no prediction."
  :type 'boolean
  :group 'zeta)

(defvar zeta-status--now nil
  "What the server said of itself last, a plist; nil before.")

(defun zeta-status-lighter ()
  "What the mode line shows: model, latency, recording, why nothing is shown."
  (concat " ζ"
          (cond (zeta-wire-fault ":off")
                ((not (zeta-sync-ready-p)) ":…")
                (t (zeta-status--summary)))))

(defun zeta-status--summary ()
  "What is going on, in a few words."
  (let ((now zeta-status--now))
    (concat
     (and (plist-get now :model) (format ":%s" (plist-get now :model)))
     (and (plist-get now :latencyMs) (format " %dms" (round (plist-get now :latencyMs))))
     (and (zeta-status--true-p :paused) " paused")
     (and (zeta-status--true-p :busy) " …")
     (and (zeta-status--true-p :capture)
          (concat " " (propertize "●rec" 'face 'zeta-recording
                                  'help-echo "What happens in this file is recorded")))
     (and zeta-show-reason (plist-get now :reason)
          (concat " " (propertize (plist-get now :reason)
                                  'help-echo (plist-get now :explanation)))))))

(defun zeta-status--true-p (name)
  "Whether the server said that NAME holds."
  (eq t (plist-get zeta-status--now name)))

(defun zeta-status--take (now &optional _reply)
  "Show NOW, the server's status."
  (setq zeta-status--now now)
  (force-mode-line-update t))

;;;###autoload
(defun zeta-status ()
  "Say in the echo area what zeta-lsp is doing here, and why nothing is shown."
  (interactive)
  (cond (zeta-wire-fault (message "zeta: no server: %s" zeta-wire-fault))
        ((not zeta-sync-document) (message "zeta: `zeta-mode' is off in this buffer"))
        ((not (zeta-sync-ready-p)) (message "zeta: the server is starting"))
        (t (zeta-wire-request :zeta/status nil #'zeta-status--tell))))

(defun zeta-status--tell (now)
  "Say NOW, the server's status, in a sentence."
  (zeta-status--take now)
  (let ((latency (plist-get now :latencyMs)))
    (message "zeta: %s%s; %s%s%s"
             (or (plist-get now :model) "no model")
             (if latency (format ", %d ms" (round latency)) "")
             (if (zeta-status--true-p :capture) "recorded" "not recorded")
             (if (zeta-status--true-p :paused) "; paused" "")
             (if (plist-get now :reason)
                 (format "; nothing is shown: %s" (or (plist-get now :explanation)
                                                      (plist-get now :reason)))
               ""))))

;;;###autoload
(defun zeta-explain ()
  "List the latest predictions, and why others were not shown."
  (interactive)
  (zeta-wire-command "zeta.explain" [] #'zeta-status--list))

(defun zeta-status--list (entries)
  "Show ENTRIES of the server's journal, the newest first."
  (with-help-window "*zeta explain*"
    (if (seq-empty-p entries)
        (princ "Nothing was asked yet.\n")
      (seq-do #'zeta-status--print entries))))

(defun zeta-status--print (entry)
  "Print ENTRY of the journal."
  (princ (format "%s  %s  %s\n    %s\n"
                 (format-time-string "%T" (encode-time (iso8601-parse (plist-get entry :time))))
                 (plist-get entry :path)
                 (string-replace "_" " " (plist-get entry :ending))
                 (plist-get entry :explanation))))

;;;###autoload
(defun zeta-pause ()
  "Stop predicting everywhere, or go on."
  (interactive)
  (zeta-wire-command
   "zeta.pause" []
   (lambda (result)
     (message "zeta: predictions are %s"
              (if (eq t (plist-get result :paused)) "paused" "on")))))

;;;###autoload
(defun zeta-capture-on ()
  "Record this buffer's project, after a question that says what that means."
  (interactive)
  (zeta-status--capture "zeta.captureOn"))

;;;###autoload
(defun zeta-capture-off ()
  "Do not record this buffer's project any more."
  (interactive)
  (zeta-status--capture "zeta.captureOff"))

(defun zeta-status--capture (command)
  "Run COMMAND for this buffer's project."
  (unless (zeta-sync-ready-p)
    (user-error "No zeta-lsp follows this buffer; see M-x zeta-status"))
  (zeta-sync-flush)
  (zeta-wire-command command (vector (zeta-sync-place))))

(defun zeta-status--ask-person (params reply)
  "Ask a person the question of PARAMS, and call REPLY with their choice."
  (let* ((titles (mapcar (lambda (action) (plist-get action :title)) (plist-get params :actions)))
         (choice (and titles (zeta-status--choose (plist-get params :message) titles))))
    (funcall reply (and choice (list :title choice)))))

(defun zeta-status--choose (question titles)
  "Ask QUESTION; return the one of TITLES that was chosen, nil if none was."
  (let ((enable-recursive-minibuffers t) (completion-ignore-case t))
    (condition-case nil
        (save-window-excursion
          (zeta-status--display question)
          (car (member (completing-read (format "%s? " (string-join titles " / ")) titles nil t)
                       titles)))
      (quit nil))))

(defun zeta-status--display (question)
  "Show QUESTION, which may be long, in a window of its own."
  (with-current-buffer (get-buffer-create "*zeta question*")
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert question "\n"))
    (special-mode)
    (setq word-wrap t)
    (goto-char (point-min))
    (let ((window (display-buffer (current-buffer) '(display-buffer-at-bottom))))
      (when window
        (fit-window-to-buffer window (1- (frame-height)))))))

(defun zeta-status--say (params &optional _reply)
  "Show the message of PARAMS."
  (message "zeta: %s" (plist-get params :message)))

(defun zeta-status--forget ()
  "What the server said is of the past."
  (zeta-status--take nil))

(zeta-wire-handle 'zeta/didChangeStatus #'zeta-status--take)
(zeta-wire-handle 'window/showMessageRequest #'zeta-status--ask-person)
(zeta-wire-handle 'window/showMessage #'zeta-status--say)
(add-hook 'zeta-wire-lost-hook #'zeta-status--forget)

(provide 'zeta-status)
;;; zeta-status.el ends here
