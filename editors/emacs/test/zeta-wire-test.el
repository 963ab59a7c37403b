;;; zeta-wire-test.el --- The connection, the status, the bridge  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Code:

(require 'flymake)
(require 'zeta-test-wire)

(defun zeta-test-requested (method params)
  "Have the server request METHOD with PARAMS, and return what it is answered."
  (jsonrpc-connection-receive
   zeta-wire--connection
   (list :jsonrpc "2.0" :id 7 :method method :params params))
  (accept-process-output nil 0.01) ; answers are made by timers
  (cl-find-if (lambda (message) (and (eql 7 (plist-get message :id))
                                     (or (plist-member message :result)
                                         (plist-member message :error))))
              (oref zeta-wire--connection sent)))

(defmacro zeta-test-with-dispatcher (&rest body)
  "Run BODY with a server that asks as well."
  (declare (indent 0) (debug t))
  `(zeta-test-with-server
     (setf (jsonrpc--request-dispatcher zeta-wire--connection) #'zeta-wire--requested)
     ,@body))

(ert-deftest zeta-a-request-may-be-answered-later ()
  (zeta-test-with-dispatcher
    (let ((zeta-wire--handlers zeta-wire--handlers) later)
      (zeta-wire-handle 'zeta/test (lambda (_ reply) (setq later reply)))
      (should-not (zeta-test-requested "zeta/test" nil))
      (funcall later '(:a 1))
      (should (equal (plist-get (car (oref zeta-wire--connection sent)) :result) '(:a 1))))))

(ert-deftest zeta-a-request-of-an-unknown-method-is-refused ()
  (zeta-test-with-dispatcher
    (should (eql -32601 (plist-get (plist-get (zeta-test-requested "no/such" nil) :error)
                                   :code)))))

(ert-deftest zeta-a-project-cannot-say-what-is-run ()
  (with-temp-buffer
    (setq-local zeta-server-command '("sh" "-c" "echo owned"))
    (should (get 'zeta-server-command 'risky-local-variable))
    (let (run)
      (cl-letf (((symbol-function 'make-process)
                 (lambda (&rest arguments)
                   (setq run (plist-get arguments :command)))))
        (zeta-wire--make-process))
      (should (equal run (default-value 'zeta-server-command))))))

(ert-deftest zeta-a-missing-program-is-said-and-breaks-nothing ()
  (let ((zeta-server-command '("/no/such/program"))
        (zeta-wire--connection nil) (zeta-wire--ready nil) (zeta-wire-fault nil)
        (inhibit-message t))
    (zeta-test-with-file "a\n"
      (should (string-match-p "no/such/program" zeta-wire-fault))
      (should (equal (zeta-status-lighter) " ζ:off"))
      (insert "x")
      (zeta-ask-look)
      (should (equal (buffer-string) "xa\n")))))

(ert-deftest zeta-the-mode-line-says-what-the-server-said ()
  (let ((zeta-status--now nil))
    (zeta-test-with-server
      (zeta-test-with-file "a\n"
        (zeta-status--take '(:model "zeta-2.1" :latencyMs 139.6 :busy :json-false
                             :paused :json-false :capture t :reason "no_change"
                             :explanation "the model changes nothing"))
        (should (equal (substring-no-properties (zeta-status-lighter))
                       " ζ:zeta-2.1 140ms ●rec no_change"))))))

(ert-deftest zeta-only-a-chosen-answer-is-one ()
  (dolist (case '(("Record" . (:title "Record")) ("" . nil) (quit . nil)))
    (let (said)
      (cl-letf (((symbol-function 'completing-read)
                 (lambda (&rest _) (if (eq (car case) 'quit) (signal 'quit nil) (car case)))))
        (zeta-status--ask-person '(:message "May it?\nReally?" :actions [(:title "Record") (:title "No")])
                                 (lambda (reply) (setq said reply))))
      (should (equal said (cdr case))))))

(ert-deftest zeta-what-is-listed-says-when-and-why ()
  (save-window-excursion
    (zeta-status--list [(:time "2026-11-25T20:06:25.440+00:00" :path "project/a.py"
                         :ending "not_shown" :explanation "the model proposes no change")])
    (with-current-buffer "*zeta explain*"
      (goto-char (point-min))
      (should (looking-at "[0-9:]\\{8\\}  project/a.py  not shown\n    the model proposes no")))
    (zeta-status--list [])
    (with-current-buffer "*zeta explain*"
      (should (string-prefix-p "Nothing" (buffer-string))))))

(ert-deftest zeta-diagnostics-come-from-flymake ()
  (zeta-test-with-server
    (zeta-test-with-file "é🎉 = x\n"
      (setq-local flymake-diagnostic-functions
                  (list (lambda (report &rest _)
                          (funcall report (list (flymake-make-diagnostic
                                                 (current-buffer) 6 7 :error "x is unknown"))))))
      (flymake-mode)
      (flymake-start)
      (let (said)
        (zeta-bridge--diagnostics (list :textDocument (zeta-sync-identifier))
                                  (lambda (reply) (setq said (plist-get reply :items))))
        (should (equal said
                       [(:range (:start (:line 0 :character 6) :end (:line 0 :character 7))
                         :severity 1 :message "x is unknown")]))))))

(ert-deftest zeta-definitions-of-lisp-come-from-xref ()
  (zeta-test-with-server
    (let ((library (find-file-noselect (locate-library "zeta-text.el" t))))
      (unwind-protect
          (zeta-test-with-file "(zeta-text-units \"a\")\n"
            (emacs-lisp-mode)
            (zeta-mode)
            (let (said)
              (zeta-bridge--definitions
               (list :items (vector (list :textDocument (zeta-sync-identifier)
                                          :position '(:line 0 :character 3))
                                    '(:textDocument (:uri "file:///unknown")
                                      :position (:line 0 :character 0))))
               (lambda (reply) (setq said (plist-get reply :items))))
              (should (equal (mapcar (lambda (one) (length (plist-get one :locations))) said)
                             '(1 0)))
              (should (string-suffix-p
                       "zeta-text.el"
                       (plist-get (aref (plist-get (aref said 0) :locations) 0) :uri)))))
        (kill-buffer library)))))

(provide 'zeta-wire-test)
;;; zeta-wire-test.el ends here
