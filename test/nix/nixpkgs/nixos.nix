# The options of NixOS that are defined by Glider's module, with their types of there; a system is what its assertions let through.
{ lib, nixpkgs }:
{ modules, specialArgs ? { } }:
let
  inherit (lib) mkOption types;
  option = type: default: mkOption { inherit type default; };

  unitOption = {
    description = "systemd option";
    check = _: true;
    merge = loc: defs: if builtins.isList (builtins.head defs).value then lib.concatMap (def: def.value) defs else types.raw.merge loc defs;
  };
  serviceType = [ "exec" "simple" "forking" "oneshot" "dbus" "notify" "notify-reload" "idle" ];
  service.options = {
    enable = option types.bool true;
    description = option types.singleLineStr "";
    documentation = option (types.listOf types.str) [ ];
    after = option (types.listOf types.str) [ ];
    wants = option (types.listOf types.str) [ ];
    wantedBy = option (types.listOf types.str) [ ];
    unitConfig = option (types.attrsOf unitOption) { };
    path = option (types.listOf (types.oneOf [ types.package types.str ])) [ ];
    environment = option (types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ]))) { };
    serviceConfig = option (types.addCheck (types.attrsOf unitOption) (value: lib.elem (value.Type or "simple") serviceType)) { };
  };
  tmpfile.options = lib.genAttrs [ "user" "group" "mode" "age" "argument" ] (_: option types.str "-");
  user.options = {
    isSystemUser = option types.bool false;
    group = option types.str "";
    description = option types.str "";
  };
  file.options.text = option types.lines "";

  system = { config, ... }: {
    options = {
      assertions = option (types.listOf types.unspecified) [ ];
      warnings = option (types.listOf types.str) [ ];
      boot.isContainer = option types.bool false;
      environment.etc = option (types.attrsOf (types.submodule file)) { };
      environment.systemPackages = option (types.listOf types.package) [ ];
      networking.firewall.allowedTCPPorts = option (types.listOf types.port) [ ];
      nixpkgs.hostPlatform = mkOption { type = types.str; };
      system.stateVersion = option types.str "26.05";
      system.build.toplevel = mkOption { type = types.package; };
      systemd.package = option types.package nixpkgs.legacyPackages.${config.nixpkgs.hostPlatform}.systemd;
      systemd.services = option (types.attrsOf (types.submodule service)) { };
      systemd.tmpfiles.settings = option (types.attrsOf (types.attrsOf (types.attrsOf (types.submodule tmpfile)))) { };
      users.users = option (types.attrsOf (types.submodule user)) { };
      users.groups = option (types.attrsOf (types.submodule { options = { }; })) { };
    };
    config.system.build.toplevel =
      let
        failed = map (each: each.message) (lib.filter (each: !each.assertion) config.assertions);
        units = lib.mapAttrs (_: unit: { inherit (unit) environment serviceConfig; path = map toString unit.path; }) config.systemd.services;
      in
      if failed != [ ] then
        throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (message: "- ${message}") failed}"
      else
        nixpkgs.legacyPackages.${config.nixpkgs.hostPlatform}.runCommand "nixos-system" {
          units = builtins.toJSON units;
          packages = config.environment.systemPackages;
          rest = builtins.toJSON { inherit (config.networking.firewall) allowedTCPPorts; inherit (config) users; inherit (config.systemd.tmpfiles) settings; };
        } "";
  };

  evaluated = lib.evalModules {
    modules = [ system ] ++ modules;
    specialArgs = specialArgs // { pkgs = nixpkgs.legacyPackages.${evaluated.config.nixpkgs.hostPlatform}; };
  };
in
evaluated // {
  pkgs = nixpkgs.legacyPackages.${evaluated.config.nixpkgs.hostPlatform};
  extendModules = more: import ./nixos.nix { inherit lib nixpkgs; } { modules = modules ++ more.modules; inherit specialArgs; };
}
