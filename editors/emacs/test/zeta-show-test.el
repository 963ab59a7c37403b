;;; zeta-show-test.el --- What is drawn, and when  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; A person sees only what fits the text, and whatever they do that does not fit takes it away.

;;; Code:

(require 'zeta-test-wire)

(defmacro zeta-test-with-buffer (text at &rest body)
  "Run BODY in a buffer of TEXT that the server knows, with point behind the text AT."
  (declare (indent 2) (debug t))
  `(zeta-test-with-server
     (zeta-test-with-file ,text
       (search-forward ,at)
       ,@body)))

(ert-deftest zeta-text-at-the-cursor-is-a-ghost ()
  (zeta-test-with-buffer "def f(a):\n    che\n" "che"
    (zeta-test-propose (zeta-test-edit 1 7 7 "ck(a)\n    log(a)"))
    (should (eq zeta-show-form 'ghost))
    (should (equal (zeta-test-drawn 'ghost) "ck(a)\n    log(a)"))
    (should (equal (buffer-string) "def f(a):\n    che\n"))))

(ert-deftest zeta-text-behind-the-cursor-on-its-line-is-a-ghost ()
  (zeta-test-with-buffer "f(a, b)\n" "f(a"
    (zeta-test-propose (zeta-test-edit 0 6 6 ", c"))
    (should (eq zeta-show-form 'ghost))
    (should (equal (zeta-test-drawn 'ghost) ", c"))))

(ert-deftest zeta-a-rewrite-that-only-goes-on-is-a-ghost ()
  (zeta-test-with-buffer "x = pri\n" "pri"
    (zeta-test-propose (zeta-test-edit 0 0 7 "x = print(x)"))
    (should (equal (zeta-test-drawn 'ghost) "nt(x)"))))

(ert-deftest zeta-a-line-end-at-the-cursor-is-a-ghost ()
  (zeta-test-with-buffer "if x:\n" "x:"
    (zeta-test-propose (zeta-test-edit 0 5 5 "\n    pass"))
    (should (equal (zeta-test-drawn 'ghost) "\n    pass"))))

(ert-deftest zeta-a-replacement-is-a-diff ()
  (zeta-test-with-buffer "total = net\nprint(net)\n" "net"
    (zeta-test-propose (zeta-test-edit 1 6 9 "total"))
    (should (eq zeta-show-form 'diff))
    (should (equal (zeta-test-drawn 'old) "net"))
    (should (equal (zeta-test-drawn 'new) "total"))))

(ert-deftest zeta-only-what-differs-is-marked ()
  (zeta-test-with-buffer "total = net\nprint(net)\n" "net"
    (zeta-test-propose (zeta-test-edit 1 0 10 "print(next)"))
    (should (equal (zeta-test-drawn 'old) ""))
    (should (equal (zeta-test-drawn 'new) "x"))))

(ert-deftest zeta-text-that-comes-elsewhere-is-a-diff ()
  (dolist (place '((1 . 0) (0 . 4)))
    (zeta-test-with-buffer "total = net\nprint(net)\n" "net"
      (zeta-test-propose (zeta-test-edit (car place) (cdr place) (cdr place) "new"))
      (should (eq zeta-show-form 'diff))
      (should (equal (zeta-test-drawn 'new) "new")))))

(ert-deftest zeta-a-deletion-is-a-diff-without-new-text ()
  (zeta-test-with-buffer "a\nb\nc\n" "a"
    (zeta-test-propose (zeta-test-edit 1 0 1 ""))
    (should (equal (zeta-test-drawn 'old) "b"))
    (should (equal (zeta-test-drawn 'new) ""))))

(ert-deftest zeta-lines-that-are-replaced-are-drawn-whole ()
  (zeta-test-with-buffer "a\nfor x in y:\n    one(x)\nz\n" "a"
    (zeta-test-propose
     (list :textDocument (zeta-sync-identifier)
           :range '(:start (:line 1 :character 4) :end (:line 2 :character 9))
           :newText "k in v:\n    two(k"))
    (should (equal (zeta-test-drawn 'old) "for x in y:\n    one(x)"))
    (should (equal (zeta-test-drawn 'new) "\nfor k in v:\n    two(k)"))))

(ert-deftest zeta-a-jump-is-a-hint-and-a-mark ()
  (zeta-test-with-buffer "a\nb\nc\n" "a"
    (zeta-test-propose (zeta-test-edit 2 0 1 "d")
                       :jump (list :textDocument (zeta-sync-identifier)
                                   :position '(:line 2 :character 0)))
    (should (eq zeta-show-form 'jump))
    (should (equal (zeta-test-drawn 'hint) "  → next edit: line 3"))
    (should (equal (zeta-test-drawn 'target) "c\n"))
    (should (equal (zeta-test-drawn 'new) ""))))

(ert-deftest zeta-a-jump-to-another-file-names-it ()
  (zeta-test-with-buffer "a\n" "a"
    (zeta-ask zeta-ask-automatic)
    (zeta-test-answer (list :id "p1" :edits []
                            :jump (list :textDocument '(:uri "file:///there/b.py")
                                        :position '(:line 2 :character 0))))
    (should (equal (zeta-test-drawn 'hint) "  → next edit: b.py:3"))))

(ert-deftest zeta-typing-along-shortens-the-ghost ()
  (zeta-test-with-buffer "x = \n" "= "
    (zeta-test-propose (zeta-test-edit 0 4 4 "🎉ab"))
    (insert "🎉")
    (should (equal (zeta-test-drawn 'ghost) "ab"))
    (insert "ab")
    (should-not zeta-show-current)
    (should (equal (zeta-test-drawn 'ghost) ""))))

(ert-deftest zeta-typing-something-else-hides-it-at-once ()
  (dolist (deed (list (lambda () (insert "z"))
                      (lambda () (delete-char -1))
                      (lambda () (save-excursion (goto-char (point-max)) (insert "n")))))
    (zeta-test-with-buffer "x = \n" "= "
      (zeta-test-propose (zeta-test-edit 0 4 4 "ab"))
      (funcall deed)
      (should-not zeta-show-current)
      (should (equal (zeta-test-drawn 'ghost) "")))))

(ert-deftest zeta-an-answer-about-an-older-text-is-not-drawn ()
  (zeta-test-with-buffer "x = \n" "= "
    (let ((edit (zeta-test-edit 0 4 4 "ab")))
      (zeta-ask zeta-ask-automatic)
      (save-excursion
        (goto-char (point-max))
        (insert "q"))
      (zeta-test-answer (list :id "p1" :edits (vector edit)))
      (should-not zeta-show-current))))

(ert-deftest zeta-an-answer-for-another-place-of-the-cursor-is-not-drawn ()
  (zeta-test-with-buffer "x = \n" "= "
    (let ((edit (zeta-test-edit 0 4 4 "ab")))
      (zeta-ask zeta-ask-automatic)
      (goto-char (point-min))
      (zeta-test-answer (list :id "p1" :edits (vector edit)))
      (should-not zeta-show-current))))

(ert-deftest zeta-an-answer-for-a-buffer-that-nobody-looks-at-is-not-drawn ()
  (zeta-test-with-buffer "x = \n" "= "
    (let ((edit (zeta-test-edit 0 4 4 "ab")))
      (zeta-ask zeta-ask-automatic)
      (set-window-buffer (selected-window) "*Messages*")
      (zeta-test-answer (list :id "p1" :edits (vector edit)))
      (should-not zeta-show-current))))

(ert-deftest zeta-a-newer-request-cancels-the-one-before ()
  (zeta-test-with-buffer "x = \n" "= "
    (zeta-ask zeta-ask-automatic)
    (let ((first zeta-ask--request))
      (insert "a")
      (zeta-ask-look)
      (should (equal (zeta-test-sent :$/cancelRequest)
                     (list (list :id (zeta-ask-request-id first)))))
      (zeta-ask--answered (current-buffer) first
                          (list :id "p1" :edits (vector (zeta-test-edit 0 5 5 "b"))))
      (should-not zeta-show-current))))

(ert-deftest zeta-only-the-latest-answer-counts ()
  (zeta-test-with-buffer "x = \n" "= "
    (zeta-ask zeta-ask-automatic)
    (let ((first zeta-ask--request))
      (zeta-next-edit)
      (zeta-ask--answered (current-buffer) first
                          (list :id "p1" :edits (vector (zeta-test-edit 0 4 4 "b"))))
      (should-not zeta-show-current)
      (zeta-test-answer (list :id "p2" :edits (vector (zeta-test-edit 0 4 4 "c"))))
      (should (equal (zeta-test-drawn 'ghost) "c")))))

(ert-deftest zeta-every-change-is-asked-about-and-a-moved-cursor-only-once-it-rests ()
  (zeta-test-with-buffer "x = \n" "= "
    (zeta-ask-look)
    (insert "a")
    (zeta-ask-look)
    (should (= 1 (length (zeta-test-sent :zeta/nextEdit))))
    (zeta-ask-look)
    (should (= 1 (length (zeta-test-sent :zeta/nextEdit))))
    (goto-char (point-min))
    (zeta-ask-look)
    (should (= 1 (length (zeta-test-sent :zeta/nextEdit))))
    (zeta-ask--rested (current-buffer))
    (should (= 2 (length (zeta-test-sent :zeta/nextEdit))))
    (zeta-ask--rested (current-buffer))
    (should (= 2 (length (zeta-test-sent :zeta/nextEdit))))))

(ert-deftest zeta-a-lost-text-is-sent-again-whole ()
  (zeta-test-with-buffer "x = \n" "= "
    (zeta-ask zeta-ask-automatic)
    (zeta-test-answer (list :edits [] :reason "unsynced"))
    (zeta-sync-flush)
    (should (equal (plist-get (car (zeta-test-sent :textDocument/didChange)) :contentChanges)
                   [(:text "x = \n")]))))

(ert-deftest zeta-narrowing-does-not-matter-to-what-is-drawn ()
  (zeta-test-with-buffer "a\nb\nc\n" "b"
    (narrow-to-region (line-beginning-position) (line-end-position))
    (zeta-test-propose (zeta-test-edit 2 0 1 "d"))
    (should (eq zeta-show-form 'diff))
    (zeta-accept)
    (widen)
    (should (equal (buffer-string) "a\nb\nd\n"))))

(provide 'zeta-show-test)
;;; zeta-show-test.el ends here
