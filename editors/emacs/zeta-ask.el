;;; zeta-ask.el --- Ask zeta-lsp for the next edit  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; After every change of the text, and when the cursor has moved and rests, the server is asked what
;; comes next.  It does the pacing; here a request only makes the one before it void.
;;
;; Promise: an answer is shown only if the text, the cursor and the window are still those that it
;; was asked for, and what a person hid stays hidden until the text changes.

;;; Code:

(require 'cl-lib)
(require 'zeta-sync)
(require 'zeta-show)

(defcustom zeta-rest-s 0.15
  "For how many seconds the cursor rests somewhere before the server is asked."
  :type 'number
  :group 'zeta)

(defconst zeta-ask-invoked 1
  "LSP's trigger kind of what a person asked for.")

(defconst zeta-ask-automatic 2
  "LSP's trigger kind of what the editor asks for by itself.")

(cl-defstruct (zeta-ask-request (:constructor zeta-ask--make) (:copier nil))
  "A question without an answer yet, and the text and point it is about."
  id kind tick point)

(defvar-local zeta-ask--request nil
  "The `zeta-ask-request' whose answer is awaited, nil if none is.")

(defvar-local zeta-ask--tick nil
  "The count of changes of the text that was asked about last.")

(defvar-local zeta-ask--point nil
  "Where point was when the server was asked last, or it was seen to move.")

(defvar-local zeta-ask--moved nil
  "Whether the cursor was moved since the server was asked last.")

(defvar-local zeta-ask--hidden nil
  "The count of changes of the text for which nothing is to be shown.")

(defvar zeta-ask--rest nil
  "The timer that waits for the cursor to rest, nil if none does.")

(defun zeta-ask-begin ()
  "Take the buffer as it is; only what changes from now on is asked about."
  (setq zeta-ask--tick (buffer-chars-modified-tick)
        zeta-ask--point (point)
        zeta-ask--moved nil))

(defun zeta-ask-look ()
  "Ask if the text changed since the last time, soon if only point moved."
  (when (zeta-sync-ready-p)
    (cond ((not (eql zeta-ask--tick (buffer-chars-modified-tick)))
           (zeta-ask zeta-ask-automatic))
          ((not (eql zeta-ask--point (point)))
           (setq zeta-ask--point (point) zeta-ask--moved t)
           (zeta-show-moved)
           (zeta-ask--when-resting)))))

(defun zeta-ask (kind)
  "Send what changed and ask what comes next; KIND is LSP's trigger kind."
  (zeta-sync-flush)
  (zeta-ask-begin)
  (zeta-ask-forget)
  (when (and (zeta-sync-ready-p) (zeta-ask--wanted-p kind))
    (let ((buffer (current-buffer))
          (request (zeta-ask--make :kind kind :tick zeta-ask--tick :point (point))))
      (setq zeta-ask--request request)
      (setf (zeta-ask-request-id request)
            (zeta-wire-request
             :zeta/nextEdit
             (append (zeta-sync-place) (list :context (list :triggerKind kind)))
             (lambda (reply) (zeta-ask--answered buffer request reply)))))))

(defun zeta-ask-forget ()
  "Await no answer any more."
  (when zeta-ask--request
    (zeta-wire-cancel (zeta-ask-request-id zeta-ask--request))
    (setq zeta-ask--request nil)))

(defun zeta-ask-hide ()
  "Take away what is shown, and show nothing until the text changes."
  (setq zeta-ask--hidden (buffer-chars-modified-tick))
  (zeta-ask-forget)
  (zeta-show-clear))

(defun zeta-ask--wanted-p (kind)
  "Whether a prediction of KIND can be shown here, and is wanted."
  (and (eq (current-buffer) (window-buffer (selected-window)))
       (not buffer-read-only)
       (or (eql kind zeta-ask-invoked)
           (not (or executing-kbd-macro
                    (eql zeta-ask--hidden (buffer-chars-modified-tick)))))))

(defun zeta-ask--answered (buffer request reply)
  "Show REPLY if BUFFER awaits that of REQUEST, and nothing changed since."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (when (eq request zeta-ask--request)
        (setq zeta-ask--request nil)
        (when (and (eql (zeta-ask-request-tick request) (buffer-chars-modified-tick))
                   (eql (zeta-ask-request-point request) (point))
                   (eq buffer (window-buffer (selected-window))))
          (zeta-ask--take request reply))))))

(defun zeta-ask--take (request reply)
  "Show REPLY to REQUEST, or say why it is empty if a person asked."
  (let ((reason (plist-get reply :reason)))
    (when (equal reason "unsynced")
      (zeta-sync-mend))
    (unless (or (zeta-show-reply reply)
                (not (eql (zeta-ask-request-kind request) zeta-ask-invoked)))
      (message "zeta: no prediction%s" (if reason (format " (%s)" reason) "")))))

(defun zeta-ask--when-resting ()
  "Ask once the cursor has rested."
  (when zeta-ask--rest
    (cancel-timer zeta-ask--rest))
  (setq zeta-ask--rest
        (run-with-idle-timer zeta-rest-s nil #'zeta-ask--rested (current-buffer))))

(defun zeta-ask--rested (buffer)
  "The cursor has rested, in BUFFER unless somebody went elsewhere."
  (setq zeta-ask--rest nil)
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (when (and zeta-ask--moved (zeta-sync-ready-p))
        (zeta-ask zeta-ask-automatic)))))

(provide 'zeta-ask)
;;; zeta-ask.el ends here
