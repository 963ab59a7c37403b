;;; zeta-take.el --- Take predictions, or turn them down  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; The commands for what is on the screen.  The server reads from the changes themselves what was
;; taken; that it was meant so is only confirmed.
;;
;; Promise: what is taken is one step of undo.

;;; Code:

(require 'cl-lib)
(require 'xref)
(require 'zeta-ask)
(require 'zeta-show)
(require 'zeta-sync)
(require 'zeta-wire)

(defconst zeta-take--word
  "[ \t\n]*\\(?:[[:alnum:]_]+\\|[^][:alnum:]_ \t\n]+\\)\\|[ \t\n]+"
  "Matches the next word of ghost text.")

(defconst zeta-take--line "[^\n]*\n?"
  "Matches the next line of ghost text.")

(defvar zeta-take-open-function #'ignore
  "Called in a buffer that a jump led to and the server does not know.")

;;;###autoload
(defun zeta-accept ()
  "Take all of the prediction that is shown, or go where its hint says."
  (interactive "*")
  (let ((prediction (zeta-take--current)))
    (if (eq (zeta-show-prediction-form prediction) 'jump)
        (zeta-jump)
      (zeta-show-clear)
      (zeta-take--apply prediction)
      (zeta-sync-flush)
      (zeta-wire-command "zeta.accept" (zeta-take--arguments prediction)))))

;;;###autoload
(defun zeta-accept-word ()
  "Take the next word of the ghost text."
  (interactive "*")
  (zeta-take--part zeta-take--word))

;;;###autoload
(defun zeta-accept-line ()
  "Take the next line of the ghost text."
  (interactive "*")
  (zeta-take--part zeta-take--line))

;;;###autoload
(defun zeta-jump ()
  "Go to the edit that is shown, or that the hint tells of."
  (interactive)
  (let* ((prediction (zeta-take--current)) (jump (zeta-show-prediction-jump prediction)))
    (zeta-show-clear)
    (xref-push-marker-stack)
    (if (not jump)
        (zeta-take--go-to (caar (zeta-show-prediction-edits prediction)))
      (zeta-take--show-document (plist-get (plist-get jump :textDocument) :uri))
      (zeta-take--go-to (zeta-text-point (plist-get jump :position))))
    (zeta-ask zeta-ask-invoked)))

;;;###autoload
(defun zeta-reject ()
  "Turn the prediction that is shown down: it is not proposed here again soon."
  (interactive)
  (let ((prediction (zeta-take--current)))
    (zeta-ask-hide)
    (zeta-wire-command "zeta.reject" (zeta-take--arguments prediction))))

;;;###autoload
(defun zeta-hide ()
  "Hide the prediction until the text changes, without a word on its worth."
  (interactive)
  (zeta-take--current)
  (zeta-ask-hide))

;;;###autoload
(defun zeta-next-edit ()
  "Ask for the next edit, also where the server does not offer it by itself."
  (interactive "*")
  (unless (zeta-sync-ready-p)
    (user-error "No zeta-lsp follows this buffer; see M-x zeta-status"))
  (zeta-ask zeta-ask-invoked))

(defun zeta-take--current ()
  "The prediction that is shown."
  (or zeta-show-current (user-error "No prediction is shown")))

(defun zeta-take--arguments (prediction)
  "The arguments of a command about PREDICTION."
  (vector (list :id (zeta-show-prediction-id prediction))))

(defun zeta-take--apply (prediction)
  "Make the edits of PREDICTION, one step of undo, and put point in place."
  (undo-boundary)
  (atomic-change-group
    (save-restriction
      (widen)
      (cl-loop for (beg end text) in (reverse (zeta-show-prediction-edits prediction))
               do (goto-char beg)
               (delete-region beg end)
               (insert text))))
  (when (zeta-show-prediction-cursor prediction)
    (goto-char (zeta-text-point (zeta-show-prediction-cursor prediction)))))

(defun zeta-take--part (regexp)
  "Take what REGEXP matches of the ghost text; the rest stays on the screen."
  (let ((prediction (zeta-take--current)))
    (unless zeta-show-ghosting
      (user-error "Only ghost text can be taken in parts"))
    (pcase-let ((`((,beg ,_ ,text) . ,_) (zeta-show-prediction-edits prediction)))
      (string-match regexp text)
      (let ((part (match-string 0 text)))
        (undo-boundary)
        (goto-char beg)
        (insert part)))))

(defun zeta-take--show-document (uri)
  "Show the file of URI, and have the server follow it."
  (let ((file (zeta-wire-file uri)))
    (unless (equal file (zeta-sync-file))
      (pop-to-buffer-same-window (find-file-noselect file)))
    (unless zeta-sync-document
      (funcall zeta-take-open-function))))

(defun zeta-take--go-to (pos)
  "Go to POS, also if the buffer is narrowed to something else."
  (unless (<= (point-min) pos (point-max))
    (widen))
  (push-mark nil t)
  (goto-char pos))

(provide 'zeta-take)
;;; zeta-take.el ends here
