# The module system: options are declared once, definitions of one option are merged by its type, what is not declared is refused.
lib:
let
  inherit (builtins) attrNames concatLists concatMap filter isAttrs isFunction mapAttrs;
  inherit (lib) concatStringsSep optional;

  showOption = concatStringsSep ".";
  shown = value: if isAttrs value then "a set" else if isFunction value then "a function" else if builtins.isPath value then toString value else builtins.toJSON value;
  showDefs = concatMap (def: [ "\n- In `${def.file}': ${shown def.value}" ]);

  property = type: value: isAttrs value && value._type or null == type;
  isOption = property "option";

  # what of a definition is beneath each name, with conditions and priorities carried down to where values are
  pushDown =
    value:
    if property "merge" value then
      concatMap pushDown value.contents
    else if property "if" value then
      map (mapAttrs (_: mkIf value.condition)) (pushDown value.content)
    else if property "override" value then
      map (mapAttrs (_: mkOverride value.priority)) (pushDown value.content)
    else
      [ value ];

  # the values of a definition, with their priorities
  discharge =
    priority: def:
    let
      inherit (def) value;
      inner = content: def // { value = content; };
    in
    if property "merge" value then
      concatMap (content: discharge priority (inner content)) value.contents
    else if property "if" value then
      if value.condition then discharge priority (inner value.content) else [ ]
    else if property "override" value then
      discharge value.priority (inner value.content)
    else
      [ (def // { inherit priority; }) ];

  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };

  # the definitions that count: those of the highest priority
  strongest =
    defs:
    let
      values = concatMap (discharge 100) defs;
      highest = builtins.foldl' (found: def: if def.priority < found then def.priority else found) 9999 values;
    in
    filter (def: def.priority == highest) values;

  # the values that definitions of that type come to
  mergeDefs =
    loc: type: defs:
    let
      values = strongest defs;
      wrong = filter (def: !type.check def.value) values;
    in
    if values == [ ] then
      throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option."
    else if wrong != [ ] then
      throw "A definition for option `${showOption loc}' is not of type `${type.description}'. Definition values:${concatStringsSep "" (showDefs wrong)}"
    else
      type.merge loc values;

  optionValue =
    loc: option: defs:
    let
      byDefault = optional (option ? default) { file = "its default"; value = mkOverride 1500 option.default; };
      value = mergeDefs loc option.type (defs ++ byDefault);
    in
    if option ? apply then option.apply value else value;

  # the config beneath a place, and what was defined there without being declared
  evaluate =
    prefix: options: defs:
    let
      bad = filter (def: !isAttrs def.value) defs;
      sets =
        if bad != [ ] then
          throw "The option `${showOption prefix}' is a set of options, and a definition of it is not a set:${concatStringsSep "" (showDefs bad)}"
        else
          concatMap (def: map (value: { inherit (def) file; inherit value; }) (pushDown def.value)) defs;
      under = name: concatMap (def: optional (def.value ? ${name}) { inherit (def) file; value = def.value.${name}; }) sets;
      beneath = mapAttrs (name: inner: evaluate (prefix ++ [ name ]) inner (under name)) (lib.filterAttrs (_: inner: !isOption inner) options);
      values = mapAttrs (name: option: optionValue (prefix ++ [ name ]) option (under name)) (lib.filterAttrs (_: isOption) options);
      undeclared = concatMap (
        def: map (name: { inherit (def) file; path = [ name ]; value = def.value.${name}; }) (filter (name: !(options ? ${name})) (attrNames def.value))
      ) sets;
    in
    {
      config = values // mapAttrs (_: inner: inner.config) beneath;
      undeclared = undeclared ++ concatLists (
        lib.mapAttrsToList (name: inner: map (def: def // { path = [ name ] ++ def.path; }) inner.undeclared) beneath
      );
    };

  declare =
    loc: left: right:
    left // mapAttrs (
      name: option:
      if !(left ? ${name}) then
        option
      else if isOption option || isOption left.${name} then
        throw "The option `${showOption (loc ++ [ name ])}' is declared twice."
      else
        declare (loc ++ [ name ]) left.${name} option
    ) right;

  nested = path: value: builtins.foldl' (inner: name: { ${name} = inner; }) value (lib.imap0 (at: _: builtins.elemAt path (builtins.length path - 1 - at)) path);
in
rec {
  inherit mkIf mkMerge mkOverride mergeDefs showOption;
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
  mkOption = option: option // { _type = "option"; };
  mkEnableOption = what: mkOption {
    type = lib.types.bool;
    default = false;
    description = "Whether to enable ${what}.";
  };

  evalModules =
    { modules, specialArgs ? { }, prefix ? [ ] }:
    let
      args = { inherit lib config options; } // specialArgs;
      load =
        file: module:
        if builtins.isPath module || builtins.isString module then
          load (toString module) (import module)
        else if isFunction module then
          load file (module (mapAttrs (name: _: args.${name} or (throw "a module asks for `${name}', which is not given")) (builtins.functionArgs module) // args))
        else
          let
            whole = module ? config || module ? options;
            own = {
              inherit file;
              options = module.options or { };
              freeform = optional (module ? freeformType) module.freeformType;
              config = if whole then module.config or { } else removeAttrs module [ "imports" "freeformType" "_file" ];
            };
            stray = if whole then attrNames (removeAttrs module [ "config" "options" "imports" "freeformType" "_file" ]) else [ ];
          in
          if stray != [ ] then
            throw "Module `${file}' has an unsupported attribute `${builtins.head stray}'."
          else
            [ own ] ++ concatMap (load file) (module.imports or [ ]);
      loaded = concatLists (lib.imap0 (at: load "module ${toString at}") modules);
      freeform = concatMap (module: module.freeform) loaded;
      options = builtins.foldl' (declare prefix) { } (map (module: module.options) loaded);
      defs = map (module: { inherit (module) file; value = module.config; }) loaded;
      found = evaluate prefix options defs;
      free = mergeDefs prefix (builtins.head freeform) (map (def: { inherit (def) file; value = nested def.path def.value; }) found.undeclared);
      stranger = builtins.head found.undeclared;
      config =
        if found.undeclared == [ ] then
          found.config
        else if freeform != [ ] then
          lib.recursiveUpdate free found.config
        else
          throw "The option `${showOption (prefix ++ stranger.path)}' does not exist. Definition values:${concatStringsSep "" (showDefs [ stranger ])}";
    in
    { inherit config options; };
}
