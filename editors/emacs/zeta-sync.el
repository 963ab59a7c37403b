;;; zeta-sync.el --- Keep zeta-lsp's mirror of a buffer true  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; A document is what the server was told of a buffer.  Every change is noted as it happens, with
;; the range that it had in the text before it, and what was noted is sent by `zeta-sync-flush'.
;;
;; Not all changes can be seen: text can be changed with the hooks inhibited, through an indirect
;; buffer that has none, or by another function of the same hook.  Emacs counts them all, though.
;; Wherever its count is not the one that the last seen change left, the whole text is sent.
;;
;; Promise: after a flush, the server's text is the buffer's, see `zeta-text'.  The indirect buffers
;; of a buffer share its document.

;;; Code:

(require 'cl-lib)
(require 'zeta-text)
(require 'zeta-wire)

(cl-defstruct (zeta-sync-document (:constructor zeta-sync--make) (:copier nil))
  "What the server knows of a buffer.
`open' is whether it knows it at all, `version' what it calls the text that was sent last.
`changes' are those to be sent, the latest first; `tick' is the buffer's count of changes and
`size' its length after the latest that was seen, and `whole' whether one was not.  `before' is
the piece of text that is about to change, as (BEG . STRING)."
  buffer uri eol (version 0) open changes tick size whole before)

(defvar-local zeta-sync-document nil
  "The document of this buffer, nil if the server is not to know it.")

(defvar zeta-sync-changed-functions nil
  "Called in a buffer whose text changed, with BEG, END and the old STRING.
The string is nil where nobody saw it.")

(defvar zeta-sync-languages
  '((c++ . "cpp") (csharp . "csharp") (emacs-lisp . "emacs-lisp") (js . "javascript")
    (js2 . "javascript") (js-json . "json") (rjsx . "javascriptreact") (sh . "shellscript")
    (bash . "shellscript") (tsx . "typescriptreact") (tuareg . "ocaml") (conf-toml . "toml")
    (nxml . "xml") (mhtml . "html") (gfm . "markdown") (cperl . "perl") (latex . "latex"))
  "Alist of major modes and LSP's names for their languages.
The names of modes are without \"-mode\" and \"-ts\".
Languages that are called as their mode need no entry.")

(defun zeta-sync-attach (folder)
  "Make the server follow this buffer, a file of FOLDER."
  (unless zeta-sync-document
    (setq zeta-sync-document
          (or (zeta-sync--of-base)
              (zeta-sync--make :buffer (current-buffer)
                               :uri (zeta-wire-uri (expand-file-name (zeta-sync-file))))))
    ;; What other functions of these hooks do to the text is not announced: be next to it.
    (add-hook 'before-change-functions #'zeta-sync--before 90 t)
    (add-hook 'after-change-functions #'zeta-sync--after -90 t)
    (add-hook 'before-save-hook #'zeta-sync--saving nil t)
    (add-hook 'after-save-hook #'zeta-sync--saved nil t)
    (zeta-wire-add-folder folder)
    (unless (zeta-sync-document-open zeta-sync-document)
      (zeta-sync--open zeta-sync-document))))

(defun zeta-sync-detach ()
  "Make the server forget this buffer."
  (let ((document zeta-sync-document))
    (remove-hook 'before-change-functions #'zeta-sync--before t)
    (remove-hook 'after-change-functions #'zeta-sync--after t)
    (remove-hook 'before-save-hook #'zeta-sync--saving t)
    (remove-hook 'after-save-hook #'zeta-sync--saved t)
    (setq zeta-sync-document nil)
    (when (and document (eq (zeta-sync-document-buffer document) (current-buffer)))
      (zeta-sync--close document))))

(defun zeta-sync--of-base ()
  "The document of the buffer whose text this indirect buffer shows."
  (and (buffer-base-buffer)
       (buffer-local-value 'zeta-sync-document (buffer-base-buffer))))

(defun zeta-sync-file ()
  "The name of the file that this buffer, or the one that it shows, visits."
  (buffer-file-name (buffer-base-buffer)))

(defun zeta-sync-ready-p ()
  "Whether the server knows this buffer."
  (and zeta-sync-document (zeta-sync-document-open zeta-sync-document) (zeta-wire-ready-p)))

(defun zeta-sync-pending-p ()
  "Whether the server's text may be an old one."
  (let ((document zeta-sync-document))
    (or (zeta-sync-document-changes document) (zeta-sync--missed-p document))))

(defun zeta-sync-identifier ()
  "LSP's `TextDocumentIdentifier' of this buffer."
  (list :uri (zeta-sync-document-uri zeta-sync-document)))

(defun zeta-sync-place ()
  "LSP's `TextDocumentPositionParams' of point."
  (list :textDocument (zeta-sync-identifier) :position (zeta-text-position (point))))

(defun zeta-sync-buffer (uri)
  "The buffer of the document with URI, nil if the server knows none."
  (cl-loop for buffer in (buffer-list)
           for document = (buffer-local-value 'zeta-sync-document buffer)
           when (and document
                     (eq buffer (zeta-sync-document-buffer document))
                     (equal uri (zeta-sync-document-uri document)))
           return buffer))

(defun zeta-sync-flush ()
  "Send what changed in this buffer since the last time."
  (let ((document zeta-sync-document))
    (when (and (zeta-sync-ready-p) (zeta-sync-pending-p))
      (when (zeta-sync--missed-p document)
        (zeta-sync--take-whole document))
      (zeta-wire-notify
       :textDocument/didChange
       (list :textDocument (list :uri (zeta-sync-document-uri document)
                                 :version (cl-incf (zeta-sync-document-version document)))
             :contentChanges (vconcat (nreverse (zeta-sync-document-changes document)))))
      (setf (zeta-sync-document-changes document) nil))))

(defun zeta-sync-focus ()
  "Tell the server that a person looks at this buffer."
  (when (zeta-sync-ready-p)
    (zeta-wire-notify :textDocument/didFocus (list :textDocument (zeta-sync-identifier)))))

(defun zeta-sync-mend ()
  "Send the whole text with the next flush: the server says that it lost it."
  (setf (zeta-sync-document-whole zeta-sync-document) t))

(defun zeta-sync--missed-p (document)
  "Whether the buffer changed in a way that DOCUMENT does not know of."
  (or (zeta-sync-document-whole document)
      (not (eql (zeta-sync-document-tick document) (buffer-chars-modified-tick)))
      (not (equal (zeta-sync-document-eol document) (zeta-text-eol)))))

(defun zeta-sync--seen (document)
  "Take note that DOCUMENT, with its changes, is the buffer as it is now."
  (setf (zeta-sync-document-tick document) (buffer-chars-modified-tick)
        (zeta-sync-document-size document) (buffer-size)
        (zeta-sync-document-eol document) (zeta-text-eol)))

(defun zeta-sync--take-whole (document)
  "Replace the changes of DOCUMENT by the whole text."
  (setf (zeta-sync-document-changes document) (list (list :text (zeta-text-whole)))
        (zeta-sync-document-whole document) nil
        (zeta-sync-document-before document) nil)
  (zeta-sync--seen document))

(defun zeta-sync--before (beg end)
  "Keep what is between BEG and END, which is about to change."
  (let ((document zeta-sync-document))
    (when (and document (zeta-sync-document-open document))
      (when (zeta-sync--missed-p document)
        (zeta-sync-mend))
      (setf (zeta-sync-document-before document)
            (save-restriction
              (widen)
              (cons beg (buffer-substring-no-properties beg end)))))))

(defun zeta-sync--after (beg end length)
  "Note that LENGTH characters became what is between BEG and END."
  (let ((document zeta-sync-document))
    (when (and document (zeta-sync-document-open document))
      (let ((gone (zeta-sync--gone document beg end length)))
        (if (zeta-sync--told-p document beg end gone)
            (push (zeta-sync--change beg end gone) (zeta-sync-document-changes document))
          (zeta-sync-mend))
        (zeta-sync--seen document)
        (run-hook-with-args 'zeta-sync-changed-functions beg end gone)))))

(defun zeta-sync--told-p (document beg end gone)
  "Whether DOCUMENT lacks just this change: GONE became BEG to END."
  (and gone
       (not (zeta-sync-document-whole document))
       (= (buffer-size)
          (+ (zeta-sync-document-size document) (- end beg (length gone))))
       (not (zeta-sync--shifty-p beg end gone))))

(defun zeta-sync--shifty-p (beg end gone)
  "Whether places may be wrong after GONE became what is from BEG to END.
While `transpose-regions' tells of what it did, Emacs finds characters behind it
by what was there before, if they are of several bytes."
  (and (< 1 (- end beg))
       (= (- end beg) (length gone))
       (multibyte-string-p gone)
       (/= (string-bytes gone) (length gone))))

(defun zeta-sync--gone (document beg end length)
  "The LENGTH characters that stood where BEG to END is now.
Nil if DOCUMENT did not see them.
One announcement may be followed by several changes in its range."
  (pcase-let ((`(,start . ,old) (zeta-sync-document-before document)))
    (when (and start (<= start beg) (<= (+ beg length) (+ start (length old))))
      (let ((from (- beg start)))
        (setf (zeta-sync-document-before document)
              (cons start (concat (substring old 0 from)
                                  (zeta-sync-now beg end)
                                  (substring old (+ from length)))))
        (substring old from (+ from length))))))

(defun zeta-sync-now (beg end)
  "The characters between BEG and END, wherever the buffer is narrowed to."
  (save-restriction
    (widen)
    (buffer-substring-no-properties beg end)))

(defun zeta-sync--change (beg end gone)
  "The LSP change that made GONE to what is between BEG and END.
No range begins or ends amid a line end of two characters."
  (when (or (zeta-text-returns-p) (string-search "\r" (zeta-sync-now beg end)))
    (zeta-text-note-returns t)
    (pcase-setq `(,beg ,end ,gone) (zeta-sync--around-line-ends beg end gone)))
  (let ((start (zeta-text-position beg)))
    (list :range (list :start start
                       :end (if (equal gone "") start (zeta-text-advanced start gone)))
          :text (zeta-text-between beg end))))

(defun zeta-sync--around-line-ends (beg end gone)
  "Widen BEG, END and GONE to whole line ends."
  (save-restriction
    (widen)
    (when (eq (char-before beg) ?\r)
      (setq beg (1- beg) gone (concat "\r" gone)))
    (when (and (string-suffix-p "\r" gone) (eq (char-after end) ?\n))
      (setq end (1+ end) gone (concat gone "\n")))
    (list beg end gone)))

(defun zeta-sync--open (document)
  "Send DOCUMENT if the server is ready for it."
  (when (zeta-wire-ready-p)
    (with-current-buffer (zeta-sync-document-buffer document)
      (zeta-sync--take-whole document)
      (zeta-wire-notify
       :textDocument/didOpen
       (list :textDocument (list :uri (zeta-sync-document-uri document)
                                 :languageId (zeta-sync--language)
                                 :version (cl-incf (zeta-sync-document-version document))
                                 :text (plist-get (pop (zeta-sync-document-changes document))
                                                  :text))))
      (setf (zeta-sync-document-open document) t))))

(defun zeta-sync--close (document)
  "Have the server close DOCUMENT."
  (when (zeta-sync-document-open document)
    (setf (zeta-sync-document-open document) nil)
    (zeta-wire-notify :textDocument/didClose
                      (list :textDocument (list :uri (zeta-sync-document-uri document))))))

(defun zeta-sync--language ()
  "LSP's name for the language of this buffer."
  (let ((name (replace-regexp-in-string "\\(-ts\\)?-mode\\'" "" (symbol-name major-mode))))
    (alist-get (intern name) zeta-sync-languages name)))

(defun zeta-sync--saving ()
  "Tell the server that formatters may be about to run."
  (when (zeta-sync-ready-p)
    (zeta-sync-flush)
    (zeta-wire-notify :textDocument/willSave
                      (list :textDocument (zeta-sync-identifier) :reason 1))))

(defun zeta-sync--saved ()
  "Tell the server that the file was written."
  (when (zeta-sync-ready-p)
    (zeta-sync-flush)
    (zeta-wire-notify :textDocument/didSave (list :textDocument (zeta-sync-identifier)))))

(defun zeta-sync--each (function)
  "Call FUNCTION with every document."
  (dolist (buffer (buffer-list))
    (let ((document (buffer-local-value 'zeta-sync-document buffer)))
      (when (and document (eq buffer (zeta-sync-document-buffer document)))
        (funcall function document)))))

(defun zeta-sync--open-all ()
  "Send all documents: the server has just begun."
  (zeta-sync--each #'zeta-sync--open))

(defun zeta-sync--lose-all ()
  "Take note that the server knows no document any more."
  (zeta-sync--each (lambda (document) (setf (zeta-sync-document-open document) nil))))

(add-hook 'zeta-wire-ready-hook #'zeta-sync--open-all)
(add-hook 'zeta-wire-lost-hook #'zeta-sync--lose-all)

(provide 'zeta-sync)
;;; zeta-sync.el ends here
