;;; zeta-text.el --- Buffer text as zeta-lsp counts it  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; The server sees a buffer as it would be saved: lines end as the file's do, and columns count
;; UTF-16 code units.  Emacs sees it decoded: every line end that the coding system knows is one
;; newline, a carriage return that is none is a character, and bytes that are no text are characters
;; beyond Unicode.  Here, and nowhere else, one is translated to the other.
;;
;; Promise: for each buffer position outside of a line end, `zeta-text-point' undoes
;; `zeta-text-position', and the string of `zeta-text-between' has as many lines as the positions
;; say.  Narrowing makes no difference.

;;; Code:

(require 'subr-x)

(defvar-local zeta-text--returns nil
  "Whether there may be carriage returns, see `zeta-text-returns-p'.")

(defconst zeta-text--alien (string ?\[ #xD800 ?- #xDFFF #x110000 ?- #x3FFF7F #x3FFF80 ?- #x3FFFFF ?\])
  "Matches what JSON cannot hold: half characters, bytes that are no text.")

(defconst zeta-text--astral (string ?\[ #x10000 ?- #x10FFFF ?\])
  "Matches a character that takes two UTF-16 code units.")

(defun zeta-text-eol ()
  "The line end of the current buffer's file."
  (pcase (coding-system-eol-type (or buffer-file-coding-system 'undecided))
    (1 "\r\n")
    (2 "\r")
    (_ "\n")))

(defun zeta-text-outward (string eol)
  "STRING, a piece of a buffer, as the server knows it, with line end EOL."
  (let ((plain (replace-regexp-in-string zeta-text--alien "\uFFFD" string t t)))
    (if (equal eol "\n") plain (string-replace "\n" eol plain))))

(defun zeta-text-inward (string eol)
  "STRING, which the server wrote, for the buffer of a file with line end EOL."
  (if (equal eol "\n") string (replace-regexp-in-string "\r\n?" "\n" string t t)))

(defun zeta-text-between (beg end)
  "The text from BEG to END as the server knows it."
  (save-restriction
    (widen)
    (zeta-text-outward (buffer-substring-no-properties beg end) (zeta-text-eol))))

(defun zeta-text-whole ()
  "The whole text of the buffer as the server knows it."
  (zeta-text-note-returns (zeta-text--holds-returns))
  (save-restriction
    (widen)
    (zeta-text-between (point-min) (point-max))))

(defun zeta-text-returns-p ()
  "Whether the buffer may hold carriage returns of its own.
They end lines too as the server counts, which costs a search for each position."
  (buffer-local-value 'zeta-text--returns (or (buffer-base-buffer) (current-buffer))))

(defun zeta-text-note-returns (found)
  "Remember whether carriage returns were FOUND in the buffer."
  (with-current-buffer (or (buffer-base-buffer) (current-buffer))
    (setq zeta-text--returns found)))

(defun zeta-text-units (string)
  "The length of STRING in UTF-16 code units."
  (let ((units (length string)) (from 0))
    (while (setq from (string-match zeta-text--astral string from))
      (setq units (1+ units) from (1+ from)))
    units))

(defun zeta-text-position (pos)
  "The LSP position of POS, a place in the current buffer.
A place amid a line end counts as the one before it."
  (save-excursion
    (save-restriction
      (widen)
      (when (zeta-text-amid-line-end-p pos)
        (setq pos (1- pos)))
      (goto-char pos)
      (let ((start (zeta-text--line-start)))
        (list :line (+ (1- (line-number-at-pos pos t)) (zeta-text--returns-before pos))
              :character (+ (- pos start) (zeta-text--astral-between start pos)))))))

(defun zeta-text-point (position)
  "The place in the current buffer of POSITION, an LSP position.
A line or column past the end gives the end."
  (save-excursion
    (save-restriction
      (widen)
      (zeta-text--go-to-line (plist-get position :line))
      (let ((end (zeta-text--line-end)) (units (plist-get position :character)))
        (while (and (> units 0) (< (point) end))
          (setq units (- units (if (< #xFFFF (char-after) #x110000) 2 1)))
          (forward-char))
        (point)))))

(defun zeta-text-advanced (position string)
  "The LSP position behind STRING, a piece of the buffer from POSITION on."
  (let ((ends (if (zeta-text--unix-p) "\r\n\\|[\r\n]" "[\r\n]"))
        (lines 0) (from 0))
    (while (string-match ends string from)
      (setq lines (1+ lines) from (match-end 0)))
    (list :line (+ (plist-get position :line) lines)
          :character (+ (if (zerop lines) (plist-get position :character) 0)
                        (zeta-text-units (substring string from))))))

(defun zeta-text--unix-p ()
  "Whether lines end in a bare newline; one behind a return belongs to that."
  (equal (zeta-text-eol) "\n"))

(defun zeta-text-amid-line-end-p (pos)
  "Whether POS is between a carriage return and a newline, one line end."
  (and (zeta-text-returns-p)
       (eq (char-before pos) ?\r)
       (eq (char-after pos) ?\n)
       (zeta-text--unix-p)))

(defun zeta-text--holds-returns ()
  "Whether there is a carriage return in the buffer."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (search-forward "\r" nil t))))

(defun zeta-text--returns-before (pos)
  "How many lines before POS end in a carriage return, a bare one."
  (if (not (zeta-text-returns-p))
      0
    (save-excursion
      (goto-char (point-min))
      (let ((count 0) (unix (zeta-text--unix-p)))
        (while (search-forward "\r" pos t)
          (unless (and unix (eq (char-after) ?\n))
            (setq count (1+ count))))
        count))))

(defun zeta-text--line-start ()
  "Where the line of point begins as the server counts."
  (save-excursion
    (skip-chars-backward (if (zeta-text-returns-p) "^\r\n" "^\n"))
    (point)))

(defun zeta-text--line-end ()
  "Where the line of point ends as the server counts."
  (save-excursion
    (skip-chars-forward (if (zeta-text-returns-p) "^\r\n" "^\n"))
    (point)))

(defun zeta-text--go-to-line (line)
  "Go to the beginning of LINE, counted from 0, or to the end of the buffer."
  (goto-char (point-min))
  (if (not (zeta-text-returns-p))
      (unless (zerop (forward-line line))
        (goto-char (point-max)))
    (let ((ends (if (zeta-text--unix-p) "\r\n\\|[\r\n]" "[\r\n]")))
      (unless (or (zerop line) (re-search-forward ends nil t line))
        (goto-char (point-max))))))

(defun zeta-text--astral-between (beg end)
  "How many characters between BEG and END take two UTF-16 code units."
  (save-excursion
    (goto-char beg)
    (let ((count 0))
      (while (re-search-forward zeta-text--astral end t)
        (setq count (1+ count)))
      count)))

(provide 'zeta-text)
;;; zeta-text.el ends here
