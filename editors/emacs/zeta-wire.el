;;; zeta-wire.el --- The connection to zeta-lsp  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; One zeta-lsp runs for the whole Emacs, beside whatever language servers Eglot or lsp-mode run, on
;; a connection of Emacs's own `jsonrpc' library.  Whoever has something to say or to answer
;; registers it here: `zeta-wire-ready-hook', `zeta-wire-lost-hook', `zeta-wire-handle'.
;;
;; Promise: nothing waits.  Requests return at once and their answers arrive from a timer; requests
;; of the server are answered whenever the answer is there; nothing is ever sent from within the
;; process filter, where older versions of the library lose messages.

;;; Code:

(require 'cl-lib)
(require 'eieio)
(require 'jsonrpc)
(require 'url-util)

(defcustom zeta-server-command '("zeta-lsp")
  "The program that is started, and its arguments.
Only the global value counts: a project cannot say what is run."
  :type '(repeat string)
  :group 'zeta
  :risky t)

(defvar zeta-wire-ready-hook nil
  "Run when the server can be talked to.")

(defvar zeta-wire-lost-hook nil
  "Run when the server is gone.")

(defvar zeta-wire-fault nil
  "Why there is no server though one is wanted, for a person to read.")

(defconst zeta-wire--restart-after-s 10
  "A server that ended sooner than this is not started again by itself.")

(defvar zeta-wire--connection nil
  "The `zeta-wire' that is in use, nil without a server.")

(defvar zeta-wire--ready nil
  "Whether the server has answered `initialize'.")

(defvar zeta-wire--started-s 0
  "When the server was started, as `float-time' gives it.")

(defvar zeta-wire--folders nil
  "The folders that the server was told about, as file names.")

(defvar zeta-wire--handlers nil
  "Alist of the server's methods, symbols, and the functions that take them.")

(defclass zeta-wire (jsonrpc-connection)
  ((last-id :initform nil :documentation "The id of the request that was sent last."))
  :documentation "A connection whose requests may be answered later.")

(defclass zeta-wire-process (zeta-wire jsonrpc-process-connection)
  ()
  :documentation "A connection to a process.")

(cl-defmethod jsonrpc-connection-send :around ((wire zeta-wire) &rest message)
  "Send MESSAGE on WIRE, or have it made first if its result is a function.
Such a function is called from a timer, with a function that takes the result."
  (let ((result (plist-get message :result)) (id (plist-get message :id)))
    (cond ((functionp result)
           (run-at-time 0 nil result
                        (lambda (value)
                          (when (jsonrpc-running-p wire)
                            (jsonrpc-connection-send wire :id id :result value)))))
          (t
           (when (and id (plist-get message :method))
             (oset wire last-id id))
           (apply #'cl-call-next-method wire message)))))

(defun zeta-wire-ready-p ()
  "Whether the server can be talked to."
  (and zeta-wire--ready zeta-wire--connection t))

(defun zeta-wire-handle (method function)
  "Have FUNCTION take what the server sends as METHOD, a symbol.
It is called with the parameters and a function that takes the result,
nil for a notification."
  (setf (alist-get method zeta-wire--handlers) function))

(defun zeta-wire-notify (method params)
  "Notify the server of METHOD, a keyword, with PARAMS."
  (when (zeta-wire-ready-p)
    (jsonrpc-notify zeta-wire--connection method params)))

(defun zeta-wire-request (method params success &optional failure)
  "Ask the server for METHOD, a keyword, with PARAMS; return the request's id.
SUCCESS is called with the result, FAILURE with the error, both from a timer."
  (when (zeta-wire-ready-p)
    (zeta-wire--request method params success failure)))

(defun zeta-wire--request (method params success &optional failure)
  "Ask for METHOD as `zeta-wire-request' does, ready or not.
PARAMS, SUCCESS and FAILURE are as there."
  (jsonrpc-async-request
   zeta-wire--connection method params
   :success-fn (lambda (result) (run-at-time 0 nil success result))
   :error-fn (lambda (fault) (run-at-time 0 nil (or failure #'ignore) fault))
   :timeout nil)
  (oref zeta-wire--connection last-id))

(defun zeta-wire-cancel (id)
  "Tell the server that nobody waits for request ID any more."
  (when id
    (zeta-wire-notify :$/cancelRequest (list :id id))))

(defun zeta-wire-command (command arguments &optional success)
  "Run COMMAND of the server with ARGUMENTS, a vector; SUCCESS gets the result."
  (zeta-wire-request :workspace/executeCommand
                     (list :command command :arguments arguments)
                     (or success #'ignore)))

(defun zeta-wire-start ()
  "Start the server unless there is one."
  (unless zeta-wire--connection
    (setq zeta-wire-fault nil zeta-wire--started-s (float-time))
    (condition-case fault
        (progn
          (setq zeta-wire--connection (zeta-wire--connect))
          (zeta-wire--initialize))
      (error (zeta-wire--failed (error-message-string fault))))))

(defun zeta-wire-stop ()
  "Ask the server to end, without waiting for it."
  (let ((connection zeta-wire--connection))
    (when connection
      (zeta-wire--forget)
      (when (jsonrpc-running-p connection)
        (jsonrpc-async-request connection :shutdown nil :timeout nil)
        (jsonrpc-notify connection :exit nil)))))

(defun zeta-wire-add-folder (folder)
  "Make FOLDER, a directory's name, a workspace folder of the server."
  (let ((name (directory-file-name (expand-file-name folder))))
    (unless (member name zeta-wire--folders)
      (push name zeta-wire--folders)
      (zeta-wire-notify
       :workspace/didChangeWorkspaceFolders
       (list :event (list :added (vector (zeta-wire--folder name)) :removed []))))))

(defun zeta-wire-uri (file)
  "The URI of FILE, an absolute name."
  (let ((path (if (string-match-p "\\`[a-zA-Z]:" file) (concat "/" file) file)))
    (concat "file://" (url-hexify-string path url-path-allowed-chars))))

(defun zeta-wire-file (uri)
  "The name of the file of URI, nil if it is none on this machine."
  (when (string-match "\\`file://\\(/.*\\)\\'" uri)
    (let ((path (decode-coding-string (url-unhex-string (match-string 1 uri)) 'utf-8)))
      (if (string-match-p "\\`/[a-zA-Z]:" path) (substring path 1) path))))

(defun zeta-wire--connect ()
  "Start the process and return its connection."
  (with-temp-buffer ; whatever a project set for its own buffers is of no account here
    (setq default-directory (expand-file-name "~/"))
    (let ((program (car (default-value 'zeta-server-command))))
      (unless (executable-find program)
        (error "%s is not installed" program)))
    (apply #'make-instance 'zeta-wire-process
           :name "zeta-lsp"
           :process #'zeta-wire--make-process
           :request-dispatcher #'zeta-wire--requested
           :notification-dispatcher #'zeta-wire--notified
           :on-shutdown #'zeta-wire--ended
           (if (slot-exists-p 'jsonrpc-connection '-events-buffer-config)
               '(:events-buffer-config (:size 0 :format full))
             '(:events-buffer-scrollback-size 0)))))

(defun zeta-wire--make-process ()
  "Start the server's process."
  (make-process :name "zeta-lsp"
                :command (default-value 'zeta-server-command)
                :connection-type 'pipe
                :coding 'utf-8-emacs-unix
                :noquery t
                :stderr (get-buffer-create "*zeta-lsp stderr*")))

(defun zeta-wire--initialize ()
  "Introduce Emacs to the server."
  (let ((connection zeta-wire--connection) (folders zeta-wire--folders))
    (zeta-wire--request
     :initialize (zeta-wire--introduction folders)
     (lambda (result)
       (when (eq connection zeta-wire--connection)
         (zeta-wire--welcomed result folders)))
     (lambda (fault) (zeta-wire--failed (plist-get fault :message))))))

(defun zeta-wire--introduction (folders)
  "The parameters of `initialize' for a workspace of FOLDERS."
  (list :processId (emacs-pid)
        :clientInfo (list :name "zeta-lsp for Emacs" :version emacs-version)
        :rootUri nil
        :workspaceFolders (vconcat (mapcar #'zeta-wire--folder folders))
        :capabilities
        '(:general (:positionEncodings ["utf-16"])
          :textDocument (:synchronization (:didSave t :willSave t)
                         :inlineCompletion (:dynamicRegistration :json-false))
          :workspace (:workspaceFolders t)
          :window (:showMessage (:messageActionItem (:additionalPropertiesSupport :json-false)))
          :experimental (:zetaBridge t :zetaStatus t))))

(defun zeta-wire--folder (name)
  "The workspace folder of the directory NAME."
  (list :uri (zeta-wire-uri name) :name (file-name-nondirectory name)))

(defun zeta-wire--welcomed (result folders)
  "Begin to talk: the server, which knows of FOLDERS, introduced itself by RESULT."
  (if (not (eq t (plist-get (plist-get (plist-get result :capabilities) :experimental)
                            :zetaNextEdit)))
      (zeta-wire--failed "this server does not predict next edits")
    (setq zeta-wire--ready t)
    (zeta-wire-notify :initialized (make-hash-table))
    (let ((since (cl-set-difference zeta-wire--folders folders :test #'equal)))
      (setq zeta-wire--folders folders)
      (mapc #'zeta-wire-add-folder since))
    (run-hooks 'zeta-wire-ready-hook)))

(defun zeta-wire--requested (_wire method params)
  "The result of the request METHOD with PARAMS: a function, see `zeta-wire'."
  (let ((handler (alist-get method zeta-wire--handlers)))
    (unless handler
      (jsonrpc-error :code -32601 :message "no such method"))
    (lambda (reply)
      (condition-case-unless-debug _fault
          (funcall handler params reply)
        (error (funcall reply nil))))))

(defun zeta-wire--notified (_wire method params)
  "Pass the notification METHOD with PARAMS on."
  (let ((handler (alist-get method zeta-wire--handlers)))
    (when handler
      (run-at-time 0 nil handler params nil))))

(defun zeta-wire--ended (connection)
  "CONNECTION is gone; start anew if the server had been running well."
  (when (eq connection zeta-wire--connection)
    (let ((ran-well (and zeta-wire--ready
                         (< zeta-wire--restart-after-s
                            (- (float-time) zeta-wire--started-s)))))
      (zeta-wire--failed "the server ended")
      (when ran-well
        (run-at-time 1 nil #'zeta-wire-start)))))

(defun zeta-wire--failed (reason)
  "Do without a server, for REASON."
  (zeta-wire--forget)
  (setq zeta-wire-fault reason)
  (message "zeta: %s (%s); see \"*zeta-lsp stderr*\" and try M-x zeta-restart"
           reason (string-join (default-value 'zeta-server-command) " ")))

(defun zeta-wire--forget ()
  "Stop using the connection."
  (setq zeta-wire--connection nil zeta-wire--ready nil)
  (run-hooks 'zeta-wire-lost-hook))

(add-hook 'kill-emacs-hook #'zeta-wire-stop)

(provide 'zeta-wire)
;;; zeta-wire.el ends here
