;;; zeta-bridge.el --- What other language servers know, for zeta-lsp  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; zeta-lsp asks what names mean and what is wrong in a buffer.  Eglot's or lsp-mode's server
;; answers the first, asynchronously; where neither runs, xref does, as far as it can without
;; opening a file or asking a person.  Flymake or Flycheck answer the second from what they show.
;;
;; Rows of what other servers say are passed on as they are.  So are columns, which may be off
;; behind characters outside of the Basic Multilingual Plane.
;;
;; Promise: nobody waits for an answer, and typing interrupts whatever is computed here.

;;; Code:

(require 'cl-lib)
(require 'seq)
(require 'xref)
(require 'zeta-sync)
(require 'zeta-text)
(require 'zeta-wire)

(declare-function eglot-current-server "eglot")
(declare-function eglot--TextDocumentIdentifier "eglot")
(declare-function eglot--pos-to-lsp-position "eglot")
(declare-function eglot--signal-textDocument/didChange "eglot")
(declare-function flycheck-error-line "flycheck")
(declare-function flycheck-error-column "flycheck")
(declare-function flycheck-error-level "flycheck")
(declare-function flycheck-error-message "flycheck")
(declare-function flymake-diagnostics "flymake")
(declare-function flymake-diagnostic-beg "flymake")
(declare-function flymake-diagnostic-end "flymake")
(declare-function flymake-diagnostic-text "flymake")
(declare-function flymake-diagnostic-type "flymake")
(declare-function lsp-get "lsp-mode")
(declare-function lsp-request-async "lsp-mode")
(declare-function lsp--text-document-position-params "lsp-mode")
(defvar flycheck-current-errors)
(defvar tags-file-name)
(defvar tags-table-list)

(defconst zeta-bridge--timeout-s 5
  "What comes later than this is of no use to zeta-lsp.")

(defun zeta-bridge--definitions (params reply)
  "Have the places where the names of PARAMS are defined given to REPLY."
  (zeta-bridge--locate :textDocument/definition params reply))

(defun zeta-bridge--type-definitions (params reply)
  "Have the places of the types of the names of PARAMS given to REPLY."
  (zeta-bridge--locate :textDocument/typeDefinition params reply))

(defun zeta-bridge--locate (method params reply)
  "Ask METHOD about each item of PARAMS, and give REPLY all answers at once."
  (let* ((items (plist-get params :items))
         (found (make-vector (length items) []))
         (open (length items))
         (done (lambda ()
                 (funcall reply (list :items (vconcat (mapcar (lambda (locations)
                                                                (list :locations locations))
                                                              found)))))))
    (if (zerop open)
        (funcall done)
      (dotimes (index (length items))
        (zeta-bridge--ask method (aref items index)
                          (lambda (locations)
                            (aset found index (zeta-bridge--locations locations))
                            (when (zerop (cl-decf open))
                              (funcall done))))))))

(defun zeta-bridge--ask (method item take)
  "Ask METHOD about ITEM, a place in a document; TAKE gets the answer, once."
  (let ((buffer (zeta-sync-buffer (plist-get (plist-get item :textDocument) :uri))))
    (if (not buffer)
        (funcall take nil)
      (with-current-buffer buffer
        (let ((pos (zeta-text-point (plist-get item :position))))
          (cond ((zeta-bridge--eglot) (zeta-bridge--ask-eglot method pos take))
                ((bound-and-true-p lsp-mode) (zeta-bridge--ask-lsp-mode method pos take))
                (t (funcall take (and (eq method :textDocument/definition)
                                      (zeta-bridge--ask-xref pos))))))))))

(defun zeta-bridge--eglot ()
  "The server that Eglot runs for this buffer, nil if there is none."
  (and (fboundp 'eglot-current-server) (eglot-current-server)))

(defun zeta-bridge--ask-eglot (method pos take)
  "Ask METHOD of Eglot's server about POS; TAKE gets the answer."
  (when (fboundp 'eglot--signal-textDocument/didChange)
    (eglot--signal-textDocument/didChange)) ; it waits for half a second of rest otherwise
  (jsonrpc-async-request
   (eglot-current-server) method (zeta-bridge--eglot-place pos)
   :success-fn take
   :error-fn (lambda (_) (funcall take nil))
   :timeout-fn (lambda () (funcall take nil))
   :timeout zeta-bridge--timeout-s))

(defun zeta-bridge--eglot-place (pos)
  "POS in this buffer as Eglot tells it to its server."
  (save-excursion
    (save-restriction
      (widen)
      (list :textDocument (if (fboundp 'eglot--TextDocumentIdentifier)
                              (eglot--TextDocumentIdentifier)
                            (list :uri (zeta-wire-uri (file-truename (zeta-sync-file)))))
            :position (if (fboundp 'eglot--pos-to-lsp-position)
                          (eglot--pos-to-lsp-position pos)
                        (zeta-text-position pos))))))

(defun zeta-bridge--ask-lsp-mode (method pos take)
  "Ask METHOD of lsp-mode's servers about POS; TAKE gets the answer."
  (condition-case nil
      (lsp-request-async (substring (symbol-name method) 1)
                         (save-excursion
                           (save-restriction
                             (widen)
                             (goto-char pos)
                             (lsp--text-document-position-params)))
                         take
                         :error-handler (lambda (&rest _) (funcall take nil))
                         :mode 'detached)
    (error (funcall take nil)))) ; no server of the buffer knows the method

(defun zeta-bridge--ask-xref (pos)
  "Where the name at POS is defined, as far as xref knows it at once.
Nil if a key is pressed meanwhile."
  (let ((found (while-no-input
                 (save-excursion
                   (save-restriction
                     (widen)
                     (goto-char pos)
                     (zeta-bridge--xref-locations))))))
    (and (consp found) (vconcat found))))

(defun zeta-bridge--xref-locations ()
  "Where the name at point is defined, a list of LSP locations."
  (let ((backend (xref-find-backend)))
    (when (and backend
               (or (not (eq backend 'etags))
                   (bound-and-true-p tags-file-name)
                   (bound-and-true-p tags-table-list)))
      (let ((name (xref-backend-identifier-at-point backend)))
        (and name
             (delq nil (mapcar #'zeta-bridge--xref-location
                               (xref-backend-definitions backend name))))))))

(defun zeta-bridge--xref-location (item)
  "The LSP location of ITEM of xref, nil if a file has to be opened for it."
  (let* ((location (xref-item-location item))
         (buffer (find-buffer-visiting (xref-location-group location))))
    (when buffer
      (with-current-buffer buffer
        (let ((position (zeta-text-position (xref-location-marker location))))
          (list :uri (zeta-wire-uri (buffer-file-name))
                :range (list :start position :end position)))))))

(defun zeta-bridge--locations (found)
  "FOUND, whatever a server answered, as a vector of LSP locations."
  (vconcat (delq nil (seq-map #'zeta-bridge--location
                              (if (zeta-bridge--get found "uri" "targetUri")
                                  (list found)
                                found)))))

(defun zeta-bridge--location (one)
  "ONE location or link to one, as an LSP location; nil if it is none."
  (let ((uri (zeta-bridge--get one "uri" "targetUri"))
        (range (zeta-bridge--get one "range" "targetSelectionRange")))
    (and uri range
         (list :uri uri
               :range (list :start (zeta-bridge--position (zeta-bridge--get range "start"))
                            :end (zeta-bridge--position (zeta-bridge--get range "end")))))))

(defun zeta-bridge--position (position)
  "POSITION as a plist."
  (list :line (zeta-bridge--get position "line")
        :character (zeta-bridge--get position "character")))

(defun zeta-bridge--get (object &rest names)
  "The first value that OBJECT, a plist or a hash table, has for one of NAMES."
  (cl-some (lambda (name)
             (cond ((hash-table-p object) (gethash name object))
                   ((keywordp (car-safe object))
                    (plist-get object (intern (concat ":" name))))))
           names))

(defun zeta-bridge--diagnostics (params reply)
  "Give REPLY what is known to be wrong in the document of PARAMS."
  (let ((buffer (zeta-sync-buffer (plist-get (plist-get params :textDocument) :uri))))
    (funcall reply
             (list :items (if buffer
                              (with-current-buffer buffer
                                (vconcat (zeta-bridge--flymake) (zeta-bridge--flycheck)))
                            [])))))

(defun zeta-bridge--flymake ()
  "What Flymake shows in this buffer, as LSP diagnostics."
  (when (bound-and-true-p flymake-mode)
    (mapcar (lambda (one)
              (zeta-bridge--diagnostic
               (zeta-text-position (flymake-diagnostic-beg one))
               (zeta-text-position (flymake-diagnostic-end one))
               (let ((type (flymake-diagnostic-type one)))
                 (or (and (symbolp type) (get type 'flymake-category)) type))
               (flymake-diagnostic-text one)))
            (flymake-diagnostics))))

(defun zeta-bridge--flycheck ()
  "What Flycheck shows in this buffer, as LSP diagnostics."
  (when (bound-and-true-p flycheck-mode)
    (mapcar (lambda (one)
              (let ((position (list :line (1- (or (flycheck-error-line one) 1))
                                    :character (1- (or (flycheck-error-column one) 1)))))
                (zeta-bridge--diagnostic position position (flycheck-error-level one)
                                         (flycheck-error-message one))))
            flycheck-current-errors)))

(defun zeta-bridge--diagnostic (start end kind text)
  "An LSP diagnostic from START to END that says TEXT.
KIND is a symbol whose name says how bad it is."
  (let ((name (symbol-name kind)))
    (list :range (list :start start :end end)
          :severity (cond ((string-search "error" name) 1)
                          ((string-search "warning" name) 2)
                          (t 3))
          :message (or text ""))))

(zeta-wire-handle 'zeta/definitions #'zeta-bridge--definitions)
(zeta-wire-handle 'zeta/typeDefinitions #'zeta-bridge--type-definitions)
(zeta-wire-handle 'zeta/diagnostics #'zeta-bridge--diagnostics)

(provide 'zeta-bridge)
;;; zeta-bridge.el ends here
