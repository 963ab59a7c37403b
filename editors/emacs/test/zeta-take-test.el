;;; zeta-take-test.el --- Taking, turning down, hiding  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Code:

(require 'zeta-test-wire)

(defmacro zeta-test-with-ghost (text at ghost &rest body)
  "Run BODY with GHOST on the screen in a buffer of TEXT, at the end of the text AT."
  (declare (indent 3) (debug t))
  `(zeta-test-with-server
     (zeta-test-with-file ,text
       (search-forward ,at)
       (let ((place (zeta-text-position (point))))
         (zeta-test-propose (zeta-test-edit (plist-get place :line) (plist-get place :character)
                                            (plist-get place :character) ,ghost)))
       ,@body)))

(defun zeta-test-commands ()
  "The commands that were run, with their arguments."
  (mapcar (lambda (one) (cons (plist-get one :command) (append (plist-get one :arguments) nil)))
          (zeta-test-sent :workspace/executeCommand)))

(ert-deftest zeta-taking-all-is-one-step-of-undo ()
  (zeta-test-with-server
    (zeta-test-with-file "a b\nc\n"
      (buffer-enable-undo)
      (zeta-ask zeta-ask-automatic)
      (zeta-test-answer (list :id "p1"
                              :edits (vector (zeta-test-edit 0 2 3 "🎉B\nnew") (zeta-test-edit 1 0 1 ""))
                              :cursor '(:line 1 :character 2)))
      (zeta-accept)
      (should (equal (buffer-string) "a 🎉B\nnew\n\n"))
      (should (equal (zeta-text-position (point)) '(:line 1 :character 2)))
      (undo-boundary)
      (undo)
      (should (equal (buffer-string) "a b\nc\n")))))

(ert-deftest zeta-the-server-hears-of-the-change-first ()
  (zeta-test-with-ghost "x\n" "x" " = 1"
    (zeta-accept)
    (should (equal (zeta-test-commands) '(("zeta.accept" (:id "p1")))))
    (should (equal (seq-take (mapcar (lambda (one) (plist-get one :method))
                                     (oref zeta-wire--connection sent))
                             2)
                   '(:workspace/executeCommand :textDocument/didChange)))))

(ert-deftest zeta-words-are-taken-one-by-one ()
  (zeta-test-with-ghost "check\n" "check" "(net_1,  rate)\n  log"
    (dolist (expected '("(" "net_1" "," "  rate" ")" "\n  log"))
      (let ((from (point)))
        (zeta-accept-word)
        (should (equal (buffer-substring from (point)) expected))))
    (should-not zeta-show-current)
    (should-not (zeta-test-commands))))

(ert-deftest zeta-a-line-is-taken-with-its-end ()
  (zeta-test-with-ghost "if x:\n" "x:" " # yes\n    pass"
    (zeta-accept-line)
    (should (equal (buffer-string) "if x: # yes\n\n"))
    (should (equal (zeta-test-drawn 'ghost) "    pass"))
    (zeta-accept-line)
    (should (equal (buffer-string) "if x: # yes\n    pass\n"))))

(ert-deftest zeta-only-ghost-text-is-taken-in-parts ()
  (zeta-test-with-server
    (zeta-test-with-file "a\nb\n"
      (zeta-test-propose (zeta-test-edit 1 0 1 "c"))
      (should-error (zeta-accept-word) :type 'user-error)
      (should (equal (buffer-string) "a\nb\n")))))

(ert-deftest zeta-what-is-turned-down-is-reported-and-hidden ()
  (zeta-test-with-ghost "x\n" "x" " = 1"
    (zeta-reject)
    (should-not zeta-show-current)
    (should (equal (zeta-test-commands) '(("zeta.reject" (:id "p1")))))))

(ert-deftest zeta-what-is-hidden-is-not-reported-and-stays-hidden-until-the-text-changes ()
  (zeta-test-with-ghost "x\n" "x" " = 1"
    (zeta-hide)
    (should-not zeta-show-current)
    (should-not (zeta-test-commands))
    (let ((asked (length (zeta-test-sent :zeta/nextEdit))))
      (zeta-ask zeta-ask-automatic)
      (should (= asked (length (zeta-test-sent :zeta/nextEdit))))
      (insert "y")
      (zeta-ask-look)
      (should (= (1+ asked) (length (zeta-test-sent :zeta/nextEdit)))))))

(ert-deftest zeta-who-asks-is-answered-also-where-it-was-hidden ()
  (zeta-test-with-ghost "x\n" "x" " = 1"
    (zeta-hide)
    (zeta-next-edit)
    (should (eql 1 (plist-get (plist-get (car (last (zeta-test-sent :zeta/nextEdit))) :context)
                              :triggerKind)))))

(ert-deftest zeta-keys-are-ours-only-while-something-is-shown ()
  (zeta-test-with-server
    (zeta-test-with-file "x\n"
      (dolist (key '("TAB" "C-g" "M-f" "C-e"))
        (should-not (string-prefix-p "zeta-" (symbol-name (key-binding (kbd key))))))
      (goto-char 2)
      (zeta-test-propose (zeta-test-edit 0 1 1 " = 1"))
      (should (eq (key-binding (kbd "TAB")) 'zeta-accept))
      (should (eq (key-binding (kbd "M-f")) 'zeta-accept-word))
      (should (eq (key-binding (kbd "C-e")) 'zeta-accept-line))
      (should (eq (key-binding (kbd "C-g")) 'zeta-hide))
      (zeta-test-propose (zeta-test-edit 0 0 1 "y"))
      (should (eq (key-binding (kbd "TAB")) 'zeta-accept))
      (should (eq (key-binding (kbd "M-f")) 'forward-word)))))

(ert-deftest zeta-a-completion-popup-keeps-its-keys ()
  (zeta-test-with-ghost "x\n" "x" " = 1"
    (let ((popup (make-sparse-keymap)) (completion-in-region-mode t))
      (define-key popup (kbd "TAB") #'completion-at-point) ; where Corfu has its keys
      (let ((minor-mode-overriding-map-alist (list (cons 'completion-in-region-mode popup))))
        (should (eq (key-binding (kbd "TAB")) #'completion-at-point))))))

(ert-deftest zeta-a-jump-goes-there-and-asks ()
  (zeta-test-with-server
    (zeta-test-with-file "a\nb\nc\n"
      (zeta-test-propose (zeta-test-edit 2 0 1 "d")
                         :jump (list :textDocument (zeta-sync-identifier)
                                     :position '(:line 2 :character 0)))
      (zeta-accept)
      (should (equal (buffer-string) "a\nb\nc\n"))
      (should (= 3 (line-number-at-pos)))
      (let ((asked (car (last (zeta-test-sent :zeta/nextEdit)))))
        (should (equal (plist-get asked :position) '(:line 2 :character 0)))
        (should (eql 1 (plist-get (plist-get asked :context) :triggerKind)))))))

(ert-deftest zeta-a-read-only-buffer-is-not-asked-about ()
  (zeta-test-with-server
    (zeta-test-with-file "a\n"
      (read-only-mode)
      (zeta-ask zeta-ask-automatic)
      (should-not (zeta-test-sent :zeta/nextEdit)))))

(provide 'zeta-take-test)
;;; zeta-take-test.el ends here
