# The packages that are asked for. Derivations are made, with all that Glider's recipe gives them, and never built.
{ lib, nixpkgs, system }:
let
  isLinux = lib.hasSuffix "-linux" system;
  hostPlatform = { inherit system isLinux; };
  # sets and functions stay outside of a derivation, as there
  make =
    { name ? "${pname}-${version}", pname ? "", version ? "", meta ? { }, passthru ? { }, env ? { }, impureEnvVars ? [ ], ... }@given:
    derivation (removeAttrs given [ "meta" "passthru" "env" "pname" ] // env // { inherit name system impureEnvVars; builder = "/bin/sh"; args = [ "-c" "exit 1" ]; })
    // passthru // { inherit meta name passthru; recipe = given; };
  known = name: meta: make { inherit name meta; };
  program = name: known name { mainProgram = name; };

  stdenv = {
    inherit hostPlatform;
    mkDerivation = make;
    buildPlatform = hostPlatform // { canExecute = other: other.system == system; };
    cc.cc.lib = known "gcc-lib" { };
  };

  packages = {
    inherit lib stdenv;
    stdenvNoCC = stdenv;
    autoPatchelfHook = known "auto-patchelf-hook" { };
    cacert = known "nss-cacert" { };
    coreutils = known "coreutils" { };
    esbuild = program "esbuild";
    git = program "git";
    installShellFiles = known "install-shell-files" { };
    makeWrapper = known "make-wrapper" { };
    nodejs_24 = program "node";
    systemd = known "systemd" { };

    callPackage =
      file: given:
      let
        recipe = import file;
        wanted = builtins.functionArgs recipe;
        absent = lib.filterAttrs (name: optional: !optional && !(packages ? ${name} || given ? ${name})) wanted;
      in
      if absent != { } then
        throw "Function called without required argument \"${builtins.head (lib.attrNames absent)}\" at ${toString file}"
      else
        recipe (builtins.intersectAttrs wanted packages // given);
    mkShell = given: make ({ name = "nix-shell"; } // given // { nativeBuildInputs = given.packages or [ ]; packages = [ ]; });
    runCommand = name: env: buildCommand: make ({ inherit name buildCommand; } // env);
    writeShellScriptBin = name: text: make { inherit name text; meta.mainProgram = name; };

    formats.toml = { }: rec {
      type = (lib.types.oneOf (with lib.types; [ bool int float str path (attrsOf type) (listOf type) ])) // { description = "TOML value"; };
      generate = name: value: make { inherit name; value = builtins.toJSON value; };
    };

    testers.runNixOSTest =
      module:
      let
        test = if builtins.isFunction module then module { inherit lib; pkgs = packages; } else module;
        nodes = lib.mapAttrs (_: node: nixpkgs.lib.nixosSystem { modules = [ node { nixpkgs.hostPlatform = system; } ]; }) test.nodes;
      in
      make { name = "vm-test-run-${test.name}"; inherit (test) testScript; machines = lib.mapAttrsToList (_: node: node.config.system.build.toplevel) nodes; };
  };
in
packages
