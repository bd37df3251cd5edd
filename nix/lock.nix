# What package-lock.json says of the packages of production, as one short text: it is another as soon as one of them is.
{ lib }:
lockFile:
let
  inherit (builtins.fromJSON (builtins.readFile lockFile)) packages;
  production = lib.filterAttrs (
    path: entry: path != "" && !(entry.dev or entry.devOptional or entry.optional or false)
  ) packages;
in
builtins.hashString "sha256" (
  builtins.toJSON (lib.mapAttrs (_: entry: [ entry.version entry.integrity ]) production)
)
