"""The reasoning of the embedded model `repeat`.

`changes` reads the edit history, `page` the excerpt. Four abilities look for what could come next:
`substitution` (a change of words, made again elsewhere), `blocks` (lines inserted, deleted or
replaced again), `line_rest` and `next_line` (what is being written has a twin close by). Each of
their candidates carries its evidence in words; `scorecards` says what that evidence was worth on
real edit histories, and `choice` speaks only when it was worth enough.

Everything is a pure function of one `PromptInput`. Columns and offsets count code points here;
`choice` translates to bytes at the end.
"""
