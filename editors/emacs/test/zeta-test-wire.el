;;; zeta-test-wire.el --- A server that is not there  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; A connection that keeps what was sent, and a mirror that follows it by the letter of LSP: a
;; position that its text does not have is an error.

;;; Code:

(require 'cl-lib)
(require 'ert)
(require 'zeta)

(defclass zeta-test-wire (zeta-wire)
  ((sent :initform nil :documentation "Messages as plists, the latest first."))
  :documentation "A connection to nobody.")

(cl-defmethod jsonrpc-connection-send ((wire zeta-test-wire) &rest message)
  "Keep MESSAGE with WIRE."
  (push message (oref wire sent)))

(cl-defmethod jsonrpc-running-p ((_ zeta-test-wire))
  "It always runs."
  t)

(defmacro zeta-test-with-server (&rest body)
  "Run BODY with a server that takes everything and answers nothing."
  (declare (indent 0) (debug t))
  `(let ((zeta-wire--connection (make-instance 'zeta-test-wire :name "test"))
         (zeta-wire--ready t)
         (zeta-wire--folders nil))
     ,@body))

(defmacro zeta-test-with-file (text &rest body)
  "Run BODY in the buffer of a file with TEXT, a string of bytes to be, that zeta-lsp follows."
  (declare (indent 1) (debug t))
  `(let* ((file (make-temp-file "zeta-test" nil ".txt"))
          (coding-system-for-read nil)
          (buffer (progn
                    (let ((coding-system-for-write 'utf-8-unix))
                      (write-region ,text nil file nil 'silent))
                    (find-file-noselect file))))
     (unwind-protect
         (save-window-excursion
           (switch-to-buffer buffer)
           (zeta-mode)
           ,@body)
       (with-current-buffer buffer
         (set-buffer-modified-p nil))
       (kill-buffer buffer)
       (delete-file file))))

(defun zeta-test-sent (method)
  "The parameters of the messages of METHOD, a keyword, the first one first."
  (cl-loop for message in (reverse (oref zeta-wire--connection sent))
           when (eq method (plist-get message :method))
           collect (plist-get message :params)))

(defun zeta-test-answer (reply)
  "Take REPLY, a plist, as the server's answer to the latest request for the next edit."
  (let ((request zeta-ask--request))
    (should request)
    (zeta-ask--answered (current-buffer) request reply)))

(defun zeta-test-edit (line from to text)
  "A text edit of this buffer: columns FROM to TO of LINE become TEXT."
  (list :textDocument (zeta-sync-identifier)
        :range (list :start (list :line line :character from)
                     :end (list :line line :character to))
        :newText text))

(defun zeta-test-propose (edit &rest more)
  "Ask, and have the server answer with EDIT and with the properties MORE."
  (zeta-ask zeta-ask-automatic)
  (zeta-test-answer (append (list :id "p1" :edits (vector edit)) more)))

(defun zeta-test-drawn (role)
  "The text that is drawn in overlays of ROLE in this buffer."
  (mapconcat (lambda (one)
               (let ((text (or (overlay-get one 'after-string) (overlay-get one 'before-string)
                               (buffer-substring (overlay-start one) (overlay-end one)))))
                 (mapconcat (lambda (char) (if (get-text-property 0 'zeta-pad char) "" char))
                            (mapcar (lambda (at) (substring text at (1+ at)))
                                    (number-sequence 0 (1- (length text))))
                            "")))
             (sort (seq-filter (lambda (one) (eq role (overlay-get one 'zeta)))
                               (overlays-in (point-min) (point-max)))
                   (lambda (a b) (< (overlay-start a) (overlay-start b))))
             ""))

(defun zeta-test-mirror ()
  "The text of the document that was opened last, as the server has it by what was sent."
  (let ((text nil))
    (dolist (message (reverse (oref zeta-wire--connection sent)))
      (let ((params (plist-get message :params)))
        (pcase (plist-get message :method)
          (:textDocument/didOpen
           (setq text (plist-get (plist-get params :textDocument) :text)))
          (:textDocument/didChange
           (seq-do (lambda (change) (setq text (zeta-test--changed text change)))
                   (plist-get params :contentChanges))))))
    text))

(defun zeta-test--changed (text change)
  "TEXT after CHANGE, one of LSP's."
  (let ((range (plist-get change :range)) (new (plist-get change :text)))
    (if (not range)
        new
      (let ((lines (zeta-test--lines text)))
        (concat (substring text 0 (zeta-test--offset lines (plist-get range :start)))
                new
                (substring text (zeta-test--offset lines (plist-get range :end))))))))

(defun zeta-test--lines (text)
  "The lines of TEXT as (OFFSET . LINE), without their ends."
  (let ((from 0) lines)
    (while (string-match "\r\n\\|\r\\|\n" text from)
      (push (cons from (substring text from (match-beginning 0))) lines)
      (setq from (match-end 0)))
    (nreverse (cons (cons from (substring text from)) lines))))

(defun zeta-test--offset (lines position)
  "The offset in a text of LINES of POSITION, which must be there."
  (pcase-let* ((`(,from . ,line) (or (nth (plist-get position :line) lines)
                                     (error "No line %S" position)))
               (units (plist-get position :character)) (at 0))
    (while (> units 0)
      (when (= at (length line))
        (error "No column %S in %S" position line))
      (setq units (- units (if (> (aref line at) #xFFFF) 2 1)) at (1+ at)))
    (unless (zerop units)
      (error "Column %S is amid a character of %S" position line))
    (+ from at)))

(provide 'zeta-test-wire)
;;; zeta-test-wire.el ends here
