vim9script
# One buffer as the server knows it: its lines as they were sent, and what changed since.
#
# Vim reports which lines changed (`listener_add()`), before it draws them or when asked. Those lines
# are compared with the ones that were sent, so that what goes out is exact and small whatever Vim
# calls a change. What it might forget to report is found by `Look()`, when the buffer is written.
#
# A report only notes line numbers. Some come while Vim is about to delete a line; whoever reads lines
# then makes Vim keep a deleted one in its cache, and show it.

import './buffer.vim'
import './change.vim'
import './column.vim'

const LINE_ENDS = {unix: "\n", dos: "\r\n", mac: "\r"}

export class Document
  const bufnr: number
  const uri: string
  const language: string
  # Counts the changes that were sent.
  var version = 0
  # As they were sent; an empty last one stands for a last line end.
  var lines: list<string> = []
  var eol = "\n"
  # Why the text cannot be said in the protocol any more, or ''.
  var unfit = ''
  var _has_last_end = true
  var _pending: list<dict<any>> = []
  # What Vim reported since: rows `_first` to `_before` of `lines` are rows `_first` to `_after` now.
  var _is_reported = false
  var _first = 0
  var _before = 0
  var _after = 0
  var _listener = 0

  def new(this.bufnr, this.uri, this.language)
    this._Format()
    this.lines = this._Tailed(getbufline(this.bufnr, 1, '$'))
    this._Judge(this.lines)
    this._listener = listener_add((_, _, _, _, changes) => this._Heard(changes), this.bufnr)
  enddef

  def Close()
    listener_remove(this._listener)
  enddef

  def Text(): string
    return this.lines->join(this.eol)
  enddef

  # What changed since the last call, as a `didChange` says it; the version counts up if it did.
  def Changes(): list<dict<any>>
    this._CatchUp()
    if this._Format()
      this._Begin()
    endif
    const changes = this._pending
    this._pending = []
    this.version += empty(changes) ? 0 : 1
    return changes
  enddef

  # Change the buffer: what goes out says exactly this, however else it could be said.
  def Edit(row: number, col: number, end_row: number, end_col: number, lines: list<string>)
    this._CatchUp()
    const count = this._Count()
    this._pending->add({
      range: {start: this._Position(row, col), end: this._Position(end_row, end_col)},
      text: lines->join(this.eol),
    })
    var fresh = lines->copy()
    fresh[0] = this.lines[row]->strpart(0, col) .. fresh[0]
    fresh[-1] ..= this.lines[end_row]->strpart(end_col)
    this._Replace(row, end_row + 1, fresh)
    this._EndLast()
    const gained = this._Count() - count
    const before = min([end_row + 1, count])
    buffer.SetRows(this.bufnr, row, before, this.lines->slice(row, before + gained))
    this._CatchUp()
    this._Judge(fresh)
  enddef

  # Compare everything.
  def Look()
    this._CatchUp()
    this._Take(0, this._Count(), getbufline(this.bufnr, 1, '$'))
  enddef

  # Lines that are the buffer's: all but the one that stands for a last line end.
  def _Count(): number
    return len(this.lines) - (this._has_last_end ? 1 : 0)
  enddef

  def _Tailed(lines: list<string>): list<string>
    return this._has_last_end ? lines->add('') : lines
  enddef

  # Vim ends the last line if the text that came in did not.
  def _EndLast()
    if this._has_last_end && this.lines[-1] != ''
      const end = this._Position(len(this.lines) - 1, len(this.lines[-1]))
      this._pending->add({range: {start: end, end: end}, text: this.eol})
      this.lines->add('')
    endif
  enddef

  def _Position(row: number, bytes: number): dict<number>
    return {line: row, character: column.Units(this.lines[row], bytes)}
  enddef

  # Read the options that decide about line ends; whether they changed.
  def _Format(): bool
    const before = [this.eol, this._has_last_end]
    this.eol = LINE_ENDS[getbufvar(this.bufnr, '&fileformat')]
    this._has_last_end = getbufvar(this.bufnr, '&endofline')
      || (getbufvar(this.bufnr, '&fixendofline') && !getbufvar(this.bufnr, '&binary'))
    return before != [this.eol, this._has_last_end]
  enddef

  # Send the whole text anew.
  def _Begin()
    this.lines = this._Tailed(getbufline(this.bufnr, 1, '$'))
    this._pending = [{text: this.Text()}]
  enddef

  # Widen the reported region by changes; each is told in the line numbers of its time.
  def _Heard(changes: list<dict<any>>)
    for change in changes
      const [start, end] = [change.lnum - 1, change.end - 1]
      if !this._is_reported
        this._is_reported = true
        [this._first, this._before, this._after] = [start, end, end]
      endif
      this._before += max([0, end - this._after])
      this._after = max([this._after, end]) + change.added
      this._first = min([this._first, start])
    endfor
  enddef

  # Take in what was reported; everything, if that cannot be all.
  def _CatchUp()
    listener_flush(this.bufnr)
    if !this._is_reported
      return
    endif
    this._is_reported = false
    const [count, gained] = [this._Count(), this._after - this._before]
    if this._before > count || LineCount(this.bufnr) - count != gained
      this._Take(0, count, getbufline(this.bufnr, 1, '$'))
    else
      this._Take(this._first, this._before, getbufline(this.bufnr, this._first + 1, this._after))
    endif
  enddef

  # Rows `first` to `before` are these lines now.
  def _Take(first: number, before: number, fresh: list<string>)
    const old = this.lines->slice(first, before)
    if old == fresh
      return
    endif
    const changes = change.Between(first, old, fresh, this._Around(first, before))
    this._Replace(first, before, fresh)
    this._pending->extend(changes)
    this._Judge(fresh)
  enddef

  def _Around(first: number, before: number): change.Around
    var around = change.Around.new()
    around.above = first > 0 ? this.lines[first - 1] : ''
    around.is_last = before == len(this.lines)
    around.eol = this.eol
    if this.bufnr == bufnr() && mode() =~ '^[iR]'
      around.row = line('.') - 1
      around.col = col('.') - 1
    endif
    return around
  enddef

  def _Replace(first: number, before: number, fresh: list<string>)
    if before - first == len(fresh)
      for i in range(len(fresh))
        this.lines[first + i] = fresh[i]
      endfor
      return
    endif
    if before > first
      this.lines->remove(first, before - 1)
    endif
    this.lines->extend(fresh, first)
  enddef

  # A carriage return inside a line ends it for the protocol; Vim keeps a NUL as a line feed.
  def _Judge(lines: list<string>)
    if lines->match(this.eol == "\n" ? '\n\|\r.' : '[\n\r]') >= 0
      this.unfit = 'it holds a control character that ends lines'
    endif
  enddef
endclass

# `getbufinfo()` gathers much besides, and this is asked with every key.
def LineCount(bufnr: number): number
  return bufnr == bufnr() ? line('$') : getbufinfo(bufnr)[0].linecount
enddef
