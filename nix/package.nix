# Glider, built by scripts/build.mjs with nixpkgs' Node and esbuild. docs/nix.md tells why its packages come as they do.
{
  lib,
  stdenv,
  stdenvNoCC,
  autoPatchelfHook,
  cacert,
  esbuild,
  installShellFiles,
  makeWrapper,
  nodejs_24,
}:
let
  inherit (lib.importJSON ../package.json) version;
  recorded = import ./dependencies.nix;
  lock = import ./lock.nix { inherit lib; } ../package-lock.json;

  # one tree for all systems: the native addon brings its builds for each of them in one package
  dependencies = stdenvNoCC.mkDerivation {
    # another name when the packages are others, so that no old tree stands in for the new one
    name = "glider-dependencies-${lib.substring 0 8 lock}";
    src = lib.fileset.toSource {
      root = ../.;
      fileset = lib.fileset.unions [
        ../package.json
        ../package-lock.json
        ./dependencies.mjs
      ];
    };
    nativeBuildInputs = [ nodejs_24 ];

    dontConfigure = true;
    buildPhase = ''
      runHook preBuild
      export HOME=$TMPDIR NODE_EXTRA_CA_CERTS=${cacert}/etc/ssl/certs/ca-bundle.crt
      npm ci --omit=dev --omit=optional --ignore-scripts --no-bin-links --no-audit --no-fund
      runHook postBuild
    '';
    installPhase = ''
      runHook preInstall
      node nix/dependencies.mjs . $out
      runHook postInstall
    '';
    dontFixup = true;

    impureEnvVars = lib.fetchers.proxyImpureEnvVars;
    outputHashMode = "recursive";
    outputHashAlgo = "sha256";
    outputHash = recorded.hash;
  };

  # as the addon's loader names its builds
  platforms = {
    x86_64-linux = "linux-x64-gnu";
    aarch64-linux = "linux-arm64-gnu";
    aarch64-darwin = "darwin-arm64";
  };
  platform = platforms.${stdenv.hostPlatform.system};
in
assert lib.assertMsg (lock == recorded.lock) ''
  package-lock.json has other packages of production than nix/dependencies.nix knows the hash of: run nix/dependencies-hash
'';
stdenv.mkDerivation {
  pname = "glider";
  inherit version;

  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../CHANGELOG.md
      ../LICENSE
      ../config.toml
      ../nix/dependencies.mjs
      ../package.json
      ../package-lock.json
      ../scripts
      ../src
      ../tsconfig.json
    ];
  };

  nativeBuildInputs = [
    installShellFiles
    makeWrapper
    nodejs_24
  ]
  ++ lib.optionals stdenv.hostPlatform.isLinux [ autoPatchelfHook ];
  # what the addon is linked with
  buildInputs = lib.optionals stdenv.hostPlatform.isLinux [ stdenv.cc.cc.lib ];

  env.ESBUILD_BINARY_PATH = lib.getExe esbuild;
  dontConfigure = true;
  buildPhase = ''
    runHook preBuild
    cp -r ${dependencies}/node_modules node_modules
    chmod -R u+w node_modules
    node scripts/build.mjs
    node scripts/manual.mjs
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    mkdir -p $out/lib/glider $out/bin
    cp -r dist package.json config.toml LICENSE CHANGELOG.md $out/lib/glider
    node nix/dependencies.mjs . $out/lib/glider @surrealdb/node
    find $out/lib/glider -name 'surrealdb-node.*.node' ! -name 'surrealdb-node.${platform}.node' -delete
    makeWrapper ${lib.getExe nodejs_24} $out/bin/glider --add-flags $out/lib/glider/dist/Main.js
    installManPage dist/glider.1
    installShellCompletion dist/completions/{glider.bash,_glider,glider.fish}
    runHook postInstall
  '';
  dontStrip = true;

  doInstallCheck = stdenv.buildPlatform.canExecute stdenv.hostPlatform;
  installCheckPhase = ''
    runHook preInstallCheck
    export HOME=$TMPDIR
    $out/bin/glider version | grep -F ${version}
    $out/bin/glider config check --config config.toml
    runHook postInstallCheck
  '';

  passthru = { inherit dependencies; };

  meta = {
    description = "A living copy of one person's data, in a database that person owns";
    license = lib.licenses.mit;
    mainProgram = "glider";
    platforms = lib.attrNames platforms;
    # the addon
    sourceProvenance = with lib.sourceTypes; [
      fromSource
      binaryNativeCode
    ];
  };
}
