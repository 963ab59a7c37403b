vim9script
# What a server said it can do.

# Whether it offers a feature: true, or an object of options, be it empty.
export def Offers(capabilities: dict<any>, feature: string): bool
  const offered = capabilities->get($'{feature}Provider', false)
  return type(offered) == v:t_dict || (type(offered) == v:t_bool && offered)
enddef
