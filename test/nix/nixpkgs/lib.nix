# The part of nixpkgs' lib that is asked for, by the names and with the meanings of there.
let
  inherit (builtins)
    attrNames
    concatLists
    elem
    elemAt
    filter
    genList
    isAttrs
    length
    listToAttrs
    stringLength
    ;

  lists = rec {
    inherit (builtins) all any concatMap elem filter head isList tail length;
    inherit concatLists;
    imap0 = f: list: genList (at: f at (elemAt list at)) (length list);
    optional = condition: value: if condition then [ value ] else [ ];
    optionals = condition: values: if condition then values else [ ];
    subtractLists = less: filter (value: !elem value less);
    unique = builtins.foldl' (seen: value: if elem value seen then seen else seen ++ [ value ]) [ ];
    last = list: elemAt list (length list - 1);
  };

  attrsets = rec {
    inherit (builtins) attrNames attrValues mapAttrs isAttrs;
    nameValuePair = name: value: { inherit name value; };
    filterAttrs = keep: set: listToAttrs (concatLists (map (name: lists.optional (keep name set.${name}) (nameValuePair name set.${name})) (attrNames set)));
    genAttrs = names: make: listToAttrs (map (name: nameValuePair name (make name)) names);
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    optionalAttrs = condition: set: if condition then set else { };
    isDerivation = value: isAttrs value && value.type or null == "derivation";
    recursiveUpdate = left: right: left // builtins.mapAttrs (name: value: if isAttrs value && isAttrs (left.${name} or null) then recursiveUpdate left.${name} value else value) right;
  };

  upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  letters = text: genList (at: builtins.substring at 1 text) (stringLength text);
  strings = rec {
    inherit (builtins) concatStringsSep isString substring replaceStrings;
    concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
    hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
    hasSuffix = suffix: text: stringLength text >= stringLength suffix && substring (stringLength text - stringLength suffix) (-1) text == suffix;
    removePrefix = prefix: text: if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
    toLower = replaceStrings (letters upper) (letters "abcdefghijklmnopqrstuvwxyz");
    optionalString = condition: text: if condition then text else "";
    escapeShellArg = value: let text = toString value; in if builtins.match "[a-zA-Z0-9,._+:@%/-]+" text != null then text else "'${replaceStrings [ "'" ] [ "'\\''" ] text}'";
    makeLibraryPath = concatMapStringsSep ":" (package: "${package}/lib");
  };

  meta = {
    getExe = package: "${package}/bin/${package.meta.mainProgram or (throw "getExe: ${package.name} has no meta.mainProgram")}";
    getExe' = package: name: "${package}/bin/${name}";
    licenses = { mit.spdxId = "MIT"; };
    sourceTypes = { fromSource.isSource = true; binaryNativeCode.isSource = false; };
  };

  trivial = {
    importJSON = path: builtins.fromJSON (builtins.readFile path);
    assertMsg = condition: message: condition || throw message;
    literalExpression = text: { _type = "literalExpression"; inherit text; };
    fetchers.proxyImpureEnvVars = [ "http_proxy" "https_proxy" "ftp_proxy" "all_proxy" "no_proxy" ];
    # a path that is not there is refused, as there
    fileset.unions = map (path: if builtins.pathExists path then path else throw "lib.fileset.unions: ${toString path} does not exist");
    fileset.toSource = { root, fileset }: builtins.path {
      path = root;
      name = "source";
      filter = path: _: builtins.any (chosen: let kept = toString chosen; in path == kept || strings.hasPrefix "${kept}/" path || strings.hasPrefix "${path}/" kept) fileset;
    };
  };

  basic = lists // attrsets // strings // meta // trivial;
  final = basic // import ./modules.nix final // { types = import ./types.nix final; };
in
final
