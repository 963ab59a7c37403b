;;; zeta-sync-test.el --- Is the server's text the buffer's?  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Whatever is done to a buffer, the mirror holds its text as it would be saved.

;;; Code:

(require 'zeta-test-wire)

(defconst zeta-test--pieces
  (vector "a" "word" " " "\n" "\n\n" "é" "🎉" "🎉🎉x" "\t" "日本" "\r" "\r\n" "e\u0301"
          (string #x3fffe9) (string #x3fffff) "\u2028" "\0" "👩‍👩‍👧")
  "What edits are made of.")

(defun zeta-test--string ()
  "A short text at random."
  (mapconcat (lambda (_) (aref zeta-test--pieces (random (length zeta-test--pieces))))
             (make-list (random 5) nil) ""))

(defun zeta-test--place ()
  "A place in the buffer, or the part that it is narrowed to, at random."
  (+ (point-min) (random (1+ (- (point-max) (point-min))))))

(defun zeta-test--region ()
  "Two places at random, in their order."
  (sort (list (zeta-test--place) (zeta-test--place)) #'<))

(defconst zeta-test--deeds
  (list
   'type (lambda () (goto-char (zeta-test--place)) (insert (zeta-test--string)))
   'delete (lambda () (apply #'delete-region (zeta-test--region)))
   'kill (lambda () (apply #'kill-region (zeta-test--region)))
   'yank (lambda ()
           (goto-char (zeta-test--place))
           (when kill-ring (yank)))
   'undo (lambda ()
           (undo-boundary)
           (let ((last-command nil))
             (ignore-errors (undo (1+ (random 3))))))
   'upcase (lambda () (apply #'upcase-region (zeta-test--region)))
   'capitalize (lambda () (apply #'capitalize-region (zeta-test--region)))
   'substitute (lambda ()
                 (pcase-let ((`(,beg ,end) (zeta-test--region)))
                   (subst-char-in-region beg end ?a ?b)))
   'transpose (lambda ()
                (pcase-let ((`(,a ,b) (zeta-test--region)) (`(,c ,d) (zeta-test--region)))
                  (when (and (<= b c) (< 29 emacs-major-version)) ; older ones spoil text by it
                    (transpose-regions a b c d))))
   'sort (lambda () (pcase-let ((`(,beg ,end) (zeta-test--region))) (sort-lines nil beg end)))
   'indent (lambda () (pcase-let ((`(,beg ,end) (zeta-test--region))) (indent-rigidly beg end 2)))
   'fill (lambda () (apply #'fill-region (zeta-test--region)))
   'replace (lambda ()
              (goto-char (point-min))
              (while (re-search-forward "[ax🎉\r]" nil t)
                (replace-match (zeta-test--string) t t)
                (forward-char (min 3 (- (point-max) (point))))))
   'narrow (lambda () (apply #'narrow-to-region (zeta-test--region)))
   'widen #'widen
   'combine (lambda ()
              (pcase-let ((`(,beg ,end) (zeta-test--region)))
                (combine-change-calls beg end
                  (goto-char beg)
                  (insert "x🎉")
                  (delete-region (+ beg 1) (min (+ end 2) (+ beg 4))))))
   'atomic (lambda ()
             (ignore-errors
               (atomic-change-group
                 (insert (zeta-test--string))
                 (error "No"))))
   'buffer (lambda ()
             (let ((other (generate-new-buffer "other")) (text (buffer-string)))
               (with-current-buffer other
                 (insert text (zeta-test--string)))
               (replace-buffer-contents other)
               (kill-buffer other)))
   'unseen (lambda ()
             (let ((inhibit-modification-hooks t))
               (insert (zeta-test--string))))
   'nested (lambda ()
             (let ((more (lambda (&rest _) (insert "🎉nested\n"))))
               (add-hook 'after-change-functions more nil t)
               (insert "x")
               (remove-hook 'after-change-functions more t)))
   'indirect (lambda ()
               (let ((other (make-indirect-buffer (current-buffer) "zeta-indirect")))
                 (with-current-buffer other
                   (insert "indirect\n"))
                 (kill-buffer other)))
   'clone (lambda ()
            (let ((other (make-indirect-buffer (current-buffer) "zeta-clone" t)))
              (with-current-buffer other
                (widen)
                (goto-char (zeta-test--place))
                (insert (zeta-test--string)))
              (kill-buffer other)))
   'save (lambda () (let ((coding-system-for-write 'utf-8-emacs-unix)) (save-buffer)))
   'revert (lambda () (revert-buffer t t t))
   'eol (lambda ()
          (set-buffer-file-coding-system
           (aref [utf-8-unix utf-8-dos utf-8-mac] (random 3)) nil t)))
  "Things that are done to buffers, by name.")

(defun zeta-test--live (steps)
  "Do STEPS things at random; after each the mirror must hold the text."
  (let ((deeds (cl-loop for (name deed) on zeta-test--deeds by #'cddr
                        collect (cons name deed)))
        done)
    (dotimes (step steps)
      (pcase-let ((`(,name . ,deed) (nth (random (length deeds)) deeds)))
        (push name done)
        (funcall deed)
        (when (zerop (random 3))
          (zeta-sync-flush)
          (unless (equal (zeta-test-mirror) (zeta-text-whole))
            (ert-fail (list 'step step 'after (seq-take done 8)
                            'mirror (zeta-test-mirror) 'text (zeta-text-whole)))))))))

(ert-deftest zeta-the-mirror-follows-whatever-is-done-to-a-buffer ()
  (let ((inhibit-message t) (select-safe-coding-system-function nil) kill-ring)
    (dotimes (seed (string-to-number (or (getenv "ZETA_SEEDS") "25")))
      (random (format "zeta %d" seed))
      (setq kill-ring nil)
      (zeta-test-with-server
        (zeta-test-with-file
            (aref ["" "one\ntwo\n" "a🎉b\r\nc\r\n" "x\ry\r" "mixed\r\nends\nhere\r"] (% seed 5))
          (ert-info ((format "seed %d" seed))
            (zeta-test--live 60)))))))

(ert-deftest zeta-transposed-characters-of-several-bytes-do-not-mislead-the-server ()
  (skip-unless (< 29 emacs-major-version)) ; older ones spoil the text itself
  (dolist (case '(("🎉  a日b🎉日 \nb日" 7 8 11 13)
                  ("\n é a   b🎉🎉éb " 7 9 12 15)))
    (zeta-test-with-server
      (zeta-test-with-file ""
        (insert (car case))
        (zeta-sync-flush)
        (apply #'transpose-regions (cdr case))
        (zeta-sync-flush)
        (should (equal (zeta-test-mirror) (zeta-text-whole)))))))

(ert-deftest zeta-a-typed-key-is-one-small-change ()
  (zeta-test-with-server
    (zeta-test-with-file "é🎉 = 1\n"
      (goto-char 3)
      (insert "x")
      (zeta-sync-flush)
      (should (equal (plist-get (car (zeta-test-sent :textDocument/didChange)) :contentChanges)
                     [(:range (:start (:line 0 :character 3) :end (:line 0 :character 3))
                       :text "x")])))))

(ert-deftest zeta-changes-of-one-command-go-out-together ()
  (zeta-test-with-server
    (zeta-test-with-file "one\ntwo\n"
      (insert "a")
      (delete-char 1)
      (zeta-sync-flush)
      (zeta-sync-flush)
      (let ((sent (zeta-test-sent :textDocument/didChange)))
        (should (= 1 (length sent)))
        (should (= 2 (length (plist-get (car sent) :contentChanges))))))))

(ert-deftest zeta-lines-end-on-the-wire-as-in-the-file ()
  (zeta-test-with-server
    (zeta-test-with-file "one\r\ntwo\r\n"
      (goto-char (point-max))
      (insert "three\n")
      (zeta-sync-flush)
      (should (equal (zeta-test-mirror) "one\r\ntwo\r\nthree\r\n")))))

(ert-deftest zeta-positions-of-a-buffer-lead-back-to-it ()
  (zeta-test-with-server
    (zeta-test-with-file "é🎉\r\rx\r\ny\n"
      (narrow-to-region 3 5)
      (cl-loop for pos from 1 to (1+ (buffer-size))
               unless (save-restriction (widen) (zeta-text-amid-line-end-p pos))
               do (should (= pos (zeta-text-point (zeta-text-position pos))))))))

(ert-deftest zeta-a-clone-shares-the-document-of-its-buffer ()
  (zeta-test-with-server
    (zeta-test-with-file "one\n"
      (let ((clone (make-indirect-buffer (current-buffer) "zeta-clone" t)))
        (with-current-buffer clone
          (insert "zero\n")
          (zeta-sync-flush))
        (should (equal (zeta-test-mirror) "zero\none\n"))
        (kill-buffer clone))
      (insert "x")
      (zeta-sync-flush)
      (should (equal (zeta-test-mirror) (zeta-text-whole)))
      (should-not (zeta-test-sent :textDocument/didClose)))))

(ert-deftest zeta-a-file-of-another-name-is-another-document ()
  (zeta-test-with-server
    (zeta-test-with-file "one\n"
      (let ((other (make-temp-file "zeta-test" nil ".txt")))
        (set-visited-file-name other t)
        (should (equal (mapcar (lambda (one) (plist-get (plist-get one :textDocument) :uri))
                               (zeta-test-sent :textDocument/didClose))
                       (list (zeta-wire-uri file))))
        (should (equal (plist-get (zeta-sync-identifier) :uri) (zeta-wire-uri other)))
        (delete-file other)))))

(ert-deftest zeta-a-killed-buffer-is-closed ()
  (zeta-test-with-server
    (zeta-test-with-file "one\n"
      (ignore))
    (should (= 1 (length (zeta-test-sent :textDocument/didClose))))))

(ert-deftest zeta-a-name-with-odd-characters-survives-its-uri ()
  (dolist (name '("/tmp/a b%c#d?é🎉.py" "/tmp/[x]&y+z.py"))
    (should (equal name (zeta-wire-file (zeta-wire-uri name))))))

(ert-deftest zeta-encrypted-and-remote-files-are-left-alone ()
  (dolist (name '("/tmp/secret.gpg" "/ssh:host:/tmp/a.py" "/tmp/log.gz"))
    (with-temp-buffer
      (setq buffer-file-name name)
      (should-error (zeta-mode) :type 'user-error)
      (should-not zeta-mode)
      (setq buffer-file-name nil))))

(provide 'zeta-sync-test)
;;; zeta-sync-test.el ends here
