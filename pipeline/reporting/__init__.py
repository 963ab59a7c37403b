"""One page about a data set and an evaluation, from whatever the stages left behind.

`kinds` tells records apart, `reading` goes through the inputs once, `facts` holds what was counted,
`view` says it in words and numbers, `page` and `card` write it as HTML and as Markdown.
"""
