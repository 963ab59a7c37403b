;;; zeta-show.el --- Draw predictions in a buffer  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; A prediction is one of three things on the screen: ghost text behind the cursor, a diff in place,
;; or a hint that the next edit is out of sight.  All are overlays; the buffer's text is left alone.
;;
;; Promise: what is drawn fits the text.  Whoever types along ghost text shortens it, and any other
;; change takes everything away before the screen is drawn again.

;;; Code:

(require 'cl-lib)
(require 'zeta-text)
(require 'zeta-sync)

(defface zeta-ghost '((t :inherit shadow :slant italic))
  "Text that is proposed at the cursor."
  :group 'zeta)

(defface zeta-new
  '((((class color) (min-colors 88) (background light)) :background "#c8f0c8" :extend t)
    (((class color) (min-colors 88) (background dark)) :background "#1f4a2c" :extend t)
    (t :inherit bold :underline t))
  "Text that a proposed edit brings."
  :group 'zeta)

(defface zeta-old
  '((((class color) (min-colors 88) (background light))
     :background "#f8d0d0" :strike-through t :extend t)
    (((class color) (min-colors 88) (background dark))
     :background "#5a2328" :strike-through t :extend t)
    (t :inverse-video t :strike-through t))
  "Text that a proposed edit takes away."
  :group 'zeta)

(defface zeta-hint '((t :inherit (shadow italic)))
  "The words that say where the next edit is."
  :group 'zeta)

(defface zeta-target '((t :inherit highlight :extend t))
  "The line in which the next edit is."
  :group 'zeta)

(cl-defstruct (zeta-show-prediction (:constructor zeta-show--make) (:copier nil))
  "What is on the screen.
`id' is the server's name for it and `form' one of `ghost', `diff' and `jump'.  `edits' are lists
\(BEG END TEXT) of places in the buffer as it is now, the first one first, `cursor' is the LSP
position where the cursor goes after them, `jump' the server's."
  id form edits cursor jump overlays)

(defvar-local zeta-show-current nil
  "The `zeta-show-prediction' that is on the screen here, nil without one.")

(defvar-local zeta-show-form nil
  "The form of `zeta-show-current'; a keymap is active by it.")

(defvar-local zeta-show-ghosting nil
  "Whether there is ghost text on the screen; a keymap is active by it.")

(defun zeta-show-clear ()
  "Take away what is shown in this buffer."
  (when zeta-show-current
    (mapc #'delete-overlay (zeta-show-prediction-overlays zeta-show-current))
    (zeta-show--become nil)))

(defun zeta-show-reply (reply)
  "Show REPLY, the server's answer about this buffer as it is now.
Return what is shown."
  (zeta-show-clear)
  (let* ((jump (plist-get reply :jump))
         (edits (zeta-show--edits (plist-get reply :edits)))
         (form (cond (jump 'jump)
                     ((null edits) nil)
                     ((zeta-show--ghost-p edits) 'ghost)
                     (t 'diff))))
    (when form
      (zeta-show--become
       (zeta-show--make :id (plist-get reply :id) :form form :edits edits
                        :cursor (plist-get reply :cursor) :jump jump))
      (zeta-show--draw))
    zeta-show-current))

(defun zeta-show-follow (beg end gone)
  "Keep what is shown true to a change of GONE to what is from BEG to END."
  (when zeta-show-current
    (if (and (equal gone "") (zeta-show--typed-p beg (zeta-sync-now beg end)))
        (zeta-show--shorten (- end beg))
      (zeta-show-clear))))

(defun zeta-show-moved ()
  "The cursor was moved: take away what is shown at it."
  (when (memq zeta-show-form '(ghost jump))
    (zeta-show-clear)))

(defun zeta-show-disown ()
  "Take away what was copied from the buffer that this one was cloned from."
  (mapc #'delete-overlay
        (seq-filter (lambda (overlay) (overlay-get overlay 'zeta))
                    (overlays-in (point-min) (point-max))))
  (zeta-show--become nil))

(defun zeta-show--become (prediction)
  "Let PREDICTION be what is on the screen."
  (setq zeta-show-current prediction
        zeta-show-form (and prediction (zeta-show-prediction-form prediction))
        zeta-show-ghosting (eq zeta-show-form 'ghost)))

(defun zeta-show--edits (edits)
  "EDITS of a reply as a `zeta-show-prediction' has them, those of this buffer."
  (let ((uri (plist-get (zeta-sync-identifier) :uri)))
    (sort (cl-loop for edit across edits
                   when (equal uri (plist-get (plist-get edit :textDocument) :uri))
                   collect (zeta-show--edit edit))
          #'car-less-than-car)))

(defun zeta-show--edit (edit)
  "EDIT, an LSP text edit, cut down to what it really changes."
  (save-restriction
    (widen)
    (let* ((range (plist-get edit :range))
           (beg (zeta-text-point (plist-get range :start)))
           (end (zeta-text-point (plist-get range :end)))
           (text (zeta-text-inward (plist-get edit :newText) (zeta-text-eol)))
           (old (buffer-substring-no-properties beg end))
           (head (length (fill-common-string-prefix old text)))
           (tail (zeta-show--common-end (substring old head) (substring text head))))
      (list (+ beg head) (- end tail) (substring text head (- (length text) tail))))))

(defun zeta-show--common-end (a b)
  "How many characters the ends of A and B have in common."
  (let ((most (min (length a) (length b))) (count 0))
    (while (and (< count most)
                (eq (aref a (- (length a) count 1)) (aref b (- (length b) count 1))))
      (setq count (1+ count)))
    count))

(defun zeta-show--ghost-p (edits)
  "Whether EDITS only insert text at point, or behind it on its line."
  (cl-loop for (beg end _) in edits
           always (and (= beg end) (<= (point) beg (line-end-position)))))

(defun zeta-show--typed-p (beg string)
  "Whether STRING, typed at BEG, is how the ghost text goes on."
  (and zeta-show-ghosting
       (pcase-let ((`((,at ,_ ,text) . ,_) (zeta-show-prediction-edits zeta-show-current)))
         (and (= beg at) (string-prefix-p string text)))))

(defun zeta-show--shorten (count)
  "Take COUNT characters, which are in the buffer now, off the ghost text."
  (let ((prediction zeta-show-current))
    (mapc #'delete-overlay (zeta-show-prediction-overlays prediction))
    (setf (zeta-show-prediction-edits prediction)
          (cl-loop for (beg end text) in (zeta-show-prediction-edits prediction)
                   for first = t then nil
                   for rest = (if first (substring text count) text)
                   unless (equal rest "")
                   collect (list (+ beg count) (+ end count) rest)))
    (if (zeta-show-prediction-edits prediction)
        (zeta-show--draw)
      (zeta-show-clear))))

(defun zeta-show--draw ()
  "Draw the prediction."
  (let ((prediction zeta-show-current))
    (setf (zeta-show-prediction-overlays prediction)
          (save-restriction
            (widen)
            (pcase (zeta-show-prediction-form prediction)
              ('ghost (mapcar #'zeta-show--draw-ghost (zeta-show-prediction-edits prediction)))
              ('diff (mapcan #'zeta-show--draw-edit (zeta-show-prediction-edits prediction)))
              ('jump (zeta-show--draw-jump (zeta-show-prediction-jump prediction))))))))

(defun zeta-show--overlay (role beg end &rest properties)
  "Make an overlay with a ROLE from BEG to END that has PROPERTIES."
  (let ((overlay (make-overlay beg end nil t)))
    (overlay-put overlay 'zeta role)
    (overlay-put overlay 'priority 100)
    (cl-loop for (name value) on properties by #'cddr
             do (overlay-put overlay name value))
    overlay))

(defun zeta-show--draw-ghost (edit)
  "Draw EDIT as ghost text."
  (pcase-let* ((`(,beg ,_ ,text) edit)
               (ghost (propertize text 'face 'zeta-ghost)))
    (zeta-show--overlay
     'ghost beg beg 'after-string
     (cond ((/= beg (point)) ghost)
           ;; The cursor stays in front of what has the property, which a line end cannot show.
           ((string-prefix-p "\n" text) (concat (propertize " " 'cursor t 'zeta-pad t) ghost))
           (t (put-text-property 0 1 'cursor t ghost) ghost)))))

(defun zeta-show--draw-edit (edit)
  "Draw EDIT in place: its old text marked, its new text behind or below it."
  (pcase-let* ((`(,beg ,end ,text) (zeta-show--in-lines edit)))
    (delq nil
          (list (and (< beg end) (zeta-show--overlay 'old beg end 'face 'zeta-old))
                (unless (equal text "")
                  (zeta-show--overlay 'new end end
                                      'before-string (propertize text 'face 'zeta-new)))))))

(defun zeta-show--in-lines (edit)
  "EDIT widened to whole lines if it replaces text in several, else as it is."
  (pcase-let* ((`(,beg ,end ,text) edit)
               (old (buffer-substring-no-properties beg end)))
    (if (or (= beg end) (equal text "")
            (not (string-search "\n" (concat old text))))
        edit
      (save-excursion
        (let* ((first (progn (goto-char beg) (line-beginning-position)))
               (last (progn (goto-char end) (if (bolp) end (line-end-position))))
               (new (concat (buffer-substring first beg) text (buffer-substring end last))))
          (list first last (if (and (> last first) (eq (char-before last) ?\n))
                               new
                             (concat "\n" new))))))))

(defun zeta-show--draw-jump (jump)
  "Say at the cursor where JUMP leads, and mark the place if it is here."
  (let* ((uri (plist-get (plist-get jump :textDocument) :uri))
         (position (plist-get jump :position))
         (line (1+ (plist-get position :line)))
         (here (equal uri (plist-get (zeta-sync-identifier) :uri)))
         (words (if here
                    (format "next edit: line %d" line)
                  (format "next edit: %s:%d" (file-name-nondirectory (zeta-wire-file uri)) line))))
    (cons (zeta-show--overlay 'hint (line-end-position) (line-end-position) 'after-string
                              (concat (propertize "  " 'cursor t)
                                      (propertize (concat "→ " words) 'face 'zeta-hint)))
          (when here
            (list (zeta-show--mark (zeta-text-point position)))))))

(defun zeta-show--mark (pos)
  "Mark the line of POS."
  (save-excursion
    (goto-char pos)
    (zeta-show--overlay 'target (line-beginning-position) (line-beginning-position 2)
                        'face 'zeta-target)))

(provide 'zeta-show)
;;; zeta-show.el ends here
