vim9script
# Next-edit prediction in Vim, by zeta-lsp. See :help zeta.

if get(g:, 'loaded_zeta', false) || !has('patch-9.1.0') || !has('job') || !has('textprop')
  finish
endif
g:loaded_zeta = true

import autoload 'zeta.vim'
import autoload 'zeta/command.vim'
import autoload 'zeta/documents.vim'
import autoload 'zeta/person.vim'
import autoload 'zeta/proposal.vim'
import autoload 'zeta/server.vim'
import autoload 'zeta/take.vim'

command -nargs=* -complete=custom,command.Complete Zeta command.Run(<q-args>)

inoremap <silent> <Plug>(zeta-accept) <C-G>u<ScriptCmd>take.All()<CR><C-G>u
inoremap <silent> <Plug>(zeta-accept-word) <C-G>u<ScriptCmd>take.Word()<CR><C-G>u
inoremap <silent> <Plug>(zeta-accept-line) <C-G>u<ScriptCmd>take.Line()<CR><C-G>u
nnoremap <silent> <Plug>(zeta-accept) <ScriptCmd>take.All()<CR>
nnoremap <silent> <Plug>(zeta-accept-word) <ScriptCmd>take.Word()<CR>
nnoremap <silent> <Plug>(zeta-accept-line) <ScriptCmd>take.Line()<CR>
noremap! <silent> <Plug>(zeta-ask) <ScriptCmd>proposal.Ask(proposal.INVOKED)<CR>
nnoremap <silent> <Plug>(zeta-ask) <ScriptCmd>proposal.Ask(proposal.INVOKED)<CR>
inoremap <silent> <Plug>(zeta-reject) <ScriptCmd>take.Reject()<CR>
nnoremap <silent> <Plug>(zeta-reject) <ScriptCmd>take.Reject()<CR>
inoremap <silent> <Plug>(zeta-hide) <ScriptCmd>take.Hide()<CR>
nnoremap <silent> <Plug>(zeta-hide) <ScriptCmd>take.Hide()<CR>

# CTRL-G begins Vim's own rare Insert mode commands; these letters are free.
if !get(g:, 'zeta_no_mappings', false)
  imap <C-G>w <Plug>(zeta-accept-word)
  imap <C-G>l <Plug>(zeta-accept-line)
  imap <C-G>n <Plug>(zeta-ask)
  imap <C-G>x <Plug>(zeta-reject)
  imap <C-G>h <Plug>(zeta-hide)
endif

augroup zeta
  autocmd!
  autocmd BufWinEnter,BufEnter * zeta.Entered(str2nr(expand('<abuf>')))
  autocmd FileType,BufReadPost,BufFilePost * documents.Refresh(str2nr(expand('<abuf>')))
  autocmd BufWritePost * documents.Saved(str2nr(expand('<abuf>')))
  autocmd BufUnload * documents.Close(str2nr(expand('<abuf>')))
  autocmd InsertCharPre * proposal.KeyPressed()
  autocmd TextChanged,TextChangedI,TextChangedP * proposal.Changed()
  autocmd CursorMoved,CursorMovedI,InsertEnter * proposal.Moved()
  autocmd CompleteChanged,CompleteDone * proposal.MenuChanged()
  autocmd BufLeave,WinLeave * proposal.Clear()
  autocmd ModeChanged *:n* person.Next()
  autocmd VimLeavePre * server.Leave()
augroup END

if !v:vim_did_enter
  autocmd zeta VimEnter * zeta.Entered(bufnr())
else
  zeta.Entered(bufnr())
endif
