# Types of options: which values fit, and what several definitions come to.
lib:
let
  inherit (builtins) all attrNames concatMap elem filter head isAttrs isBool isFloat isFunction isInt isList isString listToAttrs match;
  inherit (lib) mergeDefs showOption;

  one =
    loc: defs:
    if all (def: def.value == (head defs).value) defs then
      (head defs).value
    else
      throw "The option `${showOption loc}' has conflicting definition values: ${builtins.toJSON (map (def: def.value) defs)}";
  scalar = description: check: { inherit description check; merge = one; };
in
rec {
  mkOptionType = type: type;

  bool = scalar "boolean" isBool;
  int = scalar "signed integer" isInt;
  float = scalar "floating point number" isFloat;
  str = scalar "string" isString;
  singleLineStr = scalar "(optionally newline-terminated) single-line string" (value: isString value && match "[^\n]*\n?" value != null);
  path = scalar "absolute path" (value: (isString value || builtins.isPath value || lib.isDerivation value) && lib.hasPrefix "/" (toString value));
  package = scalar "package" lib.isDerivation;
  raw = scalar "raw value" (_: true);
  unspecified = raw;
  lines = { description = "strings concatenated with \"\\n\""; check = isString; merge = _: defs: lib.concatMapStringsSep "\n" (def: def.value) defs; };
  enum = values: scalar "one of ${builtins.toJSON values}" (value: elem value values);
  ints.between = lowest: highest: scalar "integer between ${toString lowest} and ${toString highest} (both inclusive)" (value: isInt value && value >= lowest && value <= highest);
  port = (ints.between 0 65535) // { description = "16 bit unsigned integer; between 0 and 65535 (both inclusive)"; };
  addCheck = type: check: type // { check = value: type.check value && check value; };

  nullOr = type: {
    description = "null or ${type.description}";
    check = value: value == null || type.check value;
    merge = loc: defs: if all (def: def.value == null) defs then null else if lib.any (def: def.value == null) defs then throw "The option `${showOption loc}' is defined both null and not null." else type.merge loc defs;
  };

  either = left: right: {
    description = "${left.description} or ${right.description}";
    check = value: left.check value || right.check value;
    merge = loc: defs: if all (def: left.check def.value) defs then left.merge loc defs else if all (def: right.check def.value) defs then right.merge loc defs else one loc defs;
  };
  oneOf = types: builtins.foldl' either (head types) (builtins.tail types);

  listOf = type: {
    description = "list of ${type.description}";
    check = isList;
    merge = loc: concatMap (def: lib.imap0 (at: value: mergeDefs (loc ++ [ "[definition ${toString (at + 1)}]" ]) type [ { inherit (def) file; inherit value; } ]) def.value);
  };

  attrsOf = type: {
    description = "attribute set of ${type.description}";
    check = isAttrs;
    merge =
      loc: defs:
      let
        names = lib.unique (concatMap (def: attrNames def.value) defs);
        under = name: concatMap (def: lib.optional (def.value ? ${name}) { inherit (def) file; value = def.value.${name}; }) defs;
        # what is there under no condition that holds is not there
        present = filter (name: lib.any holds (map (def: def.value) (under name))) names;
        holds = value: if isAttrs value && value._type or null == "if" then value.condition && holds value.content else if isAttrs value && value._type or null == "merge" then lib.any holds value.contents else true;
      in
      listToAttrs (map (name: lib.nameValuePair name (mergeDefs (loc ++ [ name ]) type (under name))) present);
  };

  submodule = module: {
    description = "submodule";
    check = value: isAttrs value || isFunction value || builtins.isPath value;
    merge =
      loc: defs:
      (lib.evalModules {
        prefix = loc;
        specialArgs.name = lib.last loc;
        modules = [ module ] ++ map (def: if isAttrs def.value then { _file = def.file; config = def.value; } else def.value) defs;
      }).config;
  };
}
