"""Tells by its name whether a file was written by a program or copied in from another project.

Names are a convention: of compilers, package managers and the code hosts that hide such files in
reviews. A folder of one's own may carry such a name; leaving it out costs examples, nothing else.
"""

import re

from capture.eligibility.reasons import GENERATED, MINIFIED, VENDORED
from zeta_lsp.core.glob import compiled, folded

_VENDORED = (
    "**/{node_modules,bower_components,jspm_packages,.yarn,.pnpm-store}/**",
    "**/{vendor,vendors,vendored,_vendor,third_party,third-party,thirdparty,3rdparty}/**",
    "**/{external,externals,Pods,Carthage,Godeps}/**",
    "**/{site-packages,dist-packages,.venv,venv,.tox,.nox,.eggs}/**",
    "**/{.cargo,.gradle,.m2,.bundle,elm-stuff,deps/_build}/**",
)
_GENERATED = (
    "**/{package-lock,npm-shrinkwrap,packages.lock,composer.lock}.json",
    "**/{yarn,Cargo,poetry,uv,pdm,composer,Gemfile,flake,mix,pubspec,Podfile,bun,deno}.lock",
    "**/{Pipfile,pixi,conda-lock,stack.yaml,conan,devbox,Package}.lock",
    "**/{pnpm-lock.yaml,go.sum,go.work.sum,bun.lockb,gradle.lockfile,Package.resolved}",
    "**/{Cartfile.resolved,rebar.lock,MODULE.bazel.lock,.terraform.lock.hcl,cabal.project.freeze}",
    "**/*.{pb.go,pb.gw.go,pb.cc,pb.h,pb.c,pb.rs,pb.swift,pb.dart,pbobjc.h,pbobjc.m}",
    "**/*{_pb2.py,_pb2.pyi,_pb2_grpc.py,_pb.js,_pb.d.ts,_pb.ts,_pb.rb,_grpc_pb.js}",
    "**/*.{g.dart,freezed.dart,g.cs,g.i.cs,designer.cs,designer.vb,sql.go}",
    "**/*.{generated,gen,auto}.*",
    "**/{*_generated,*-generated,*_gen,zz_generated*,mock_*_gen}.*",
    "**/{moc_*.cpp,ui_*.h,qrc_*.cpp,*_rc.py,*_wrap.c,*_wrap.cxx,lex.yy.c,*.tab.c,*.tab.h}",
    "**/{__generated__,__pycache__,__snapshots__,.next,.nuxt,.svelte-kit,.dart_tool}/**",
    "**/{generated,autogen,DerivedData,CMakeFiles}/**",
    "**/*.{map,snap,lock.json,egg-info/**,pyc,class,o,obj}",
)
_MINIFIED = ("**/*{.min,-min,.bundle,.packed}.{js,mjs,cjs,css,html,svg}",)


def _alternation(globs: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(compiled(glob) for glob in globs)


class Origins:
    """The names, compiled once."""

    def __init__(self) -> None:
        self._rules = (
            (VENDORED, _alternation(_VENDORED)),
            (GENERATED, _alternation(_GENERATED)),
            (MINIFIED, _alternation(_MINIFIED)),
        )

    def refusal(self, relative: str) -> str | None:
        """`vendored`, `generated` or `minified` for a path within the project; None: neither."""
        name = folded(relative).lstrip("/")
        for reason, rules in self._rules:
            if any(rule.match(name) for rule in rules):
                return reason
        return None
