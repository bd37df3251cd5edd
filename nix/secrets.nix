# Which settings hold a secret, or look as if they did: what stands in them is readable by everybody in the Nix store.
{ lib }:
let
  secretName = name: builtins.match ".*(secret|password|passphrase|token|api_?key|private_?key)|(.*_)?pass" (lib.toLower name) != null;
  secretText =
    text:
    lib.any (pattern: builtins.match pattern text != null) [
      "[a-z]+://[^/@]*:[^/@]+@.*" # a password in an address
      "(sk|pk|ghp|glpat|pylf)[-_][A-Za-z0-9_-]{16,}"
      "GOCSPX-.*"
      "[Bb]earer .+"
      "eyJ[A-Za-z0-9_-]+[.].*"
      "glider_[A-Za-z0-9_-]{20,}"
    ];
  within =
    path: value:
    if lib.isAttrs value then
      lib.concatLists (
        lib.mapAttrsToList (
          name: inner:
          if secretName name && !lib.isAttrs inner then [ (path ++ [ name ]) ] else within (path ++ [ name ]) inner
        ) value
      )
    else if lib.isList value then
      lib.concatMap (within path) value
    else
      lib.optional (lib.isString value && secretText value) path;
in
settings: lib.unique (map (lib.concatStringsSep ".") (within [ ] settings))
