# services.glider: `glider run` as a service of NixOS. docs/nix.md tells how it is used.
self:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.glider;
  format = pkgs.formats.toml { };

  written = format.generate "glider.toml" cfg.settings;
  configFile =
    if cfg.checkConfig then
      pkgs.runCommand "glider-checked.toml" { } ''
        # a remote store has its user and password at run time only
        HOME=$TMPDIR SURREALDB_USER=- SURREALDB_PASS=- ${lib.getExe cfg.package} config check --config ${written}
        cp ${written} $out
      ''
    else
      written;

  # systemd makes and owns what is in /var/lib; elsewhere the folder needs an owner who stays
  inState = lib.hasPrefix "/var/lib/" cfg.dataDir;

  outside = path: lib.hasPrefix "/" path && !lib.hasPrefix builtins.storeDir path;
  credentialNames = [
    "glider-ai-api-key"
    "glider-earlier-pass"
    "glider-earlier-user"
    "glider-key"
    "google-client-id"
    "google-client-secret"
    "logfire-token"
    "oura-client-id"
    "oura-client-secret"
    "spotify-client-id"
    "spotify-client-secret"
    "surrealdb-pass"
    "surrealdb-user"
  ];
  # those of webhooks and of sinks of alerts bear the names that the settings give them
  isNamed = name: builtins.match "glider-(webhook|inbox|alert)-.+-(secret|secret-old|token|password)" name != null;
  unknownCredentials = lib.filter (name: !isNamed name) (
    lib.subtractLists credentialNames (lib.attrNames cfg.credentials)
  );
  secrets = import ./secrets.nix { inherit lib; } cfg.settings;
  ownHost = lib.elem cfg.settings.server.host [
    "127.0.0.1"
    "::1"
    "localhost"
  ];

  # to root the service's own folder and config, so that commands reach it; they open no store beside it
  command = pkgs.writeShellScriptBin "glider" ''
    export GLIDER_DATA_DIR=''${GLIDER_DATA_DIR:-${lib.escapeShellArg cfg.dataDir}}
    export GLIDER_CONFIG_TOML=''${GLIDER_CONFIG_TOML:-${configFile}}
    if [ "$(id -u)" = 0 ] && ! ${lib.getExe' config.systemd.package "systemctl"} --quiet is-active glider.service; then
      echo "glider.service is not running; start it with: systemctl start glider" >&2
      exit 1
    fi
    exec ${lib.getExe cfg.package} "$@"
  '';
in
{
  options.services.glider = {
    enable = lib.mkEnableOption "Glider, a living copy of one person's data";

    package = lib.mkOption {
      type = lib.types.package;
      default = self.packages.${pkgs.stdenv.hostPlatform.system}.glider;
      defaultText = lib.literalExpression "glider.packages.\${system}.glider";
      description = "The Glider that runs.";
    };

    settings = lib.mkOption {
      type = lib.types.submodule {
        freeformType = format.type;
        options.server.host = lib.mkOption {
          type = lib.types.str;
          default = cfg.host;
          defaultText = lib.literalExpression "config.services.glider.host";
          description = "The address it listens on.";
        };
        options.server.port = lib.mkOption {
          type = lib.types.port;
          default = cfg.port;
          defaultText = lib.literalExpression "config.services.glider.port";
          description = "The port it listens on.";
        };
        options.scheduler.grace_seconds = lib.mkOption {
          type = lib.types.ints.between 0 3600;
          default = 30;
          description = "Seconds that running syncs get to reach a safe point when the service is stopped.";
        };
      };
      default = { };
      example = lib.literalExpression ''
        {
          scheduler.timezone = "Europe/Berlin";
          sync.spotify.interval_seconds = 120;
          sync.google_calendar = {
            interval_seconds = 1800;
            calendar_ids = [ "primary" ];
          };
        }
      '';
      description = ''
        What config.toml says, key by key. It is readable by everybody on the machine: secrets belong into
        {option}`services.glider.credentials` or {option}`services.glider.environmentFile`, and are refused here.
      '';
    };

    checkConfig = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether {command}`glider config check` looks at the settings when the system is built.";
    };

    credentials = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = { };
      example = {
        google-client-id = "/run/secrets/google-client-id";
        google-client-secret = "/run/secrets/google-client-secret";
      };
      description = ''
        Files that hold a secret each, which systemd hands to the service alone (`LoadCredential`). The names are
        ${lib.concatStringsSep ", " credentialNames}.
      '';
    };

    environmentFile = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "/run/secrets/glider.env";
      description = "A file of variables for the service, such as the keys that `[mcp.server.*] env` hands on.";
    };

    dataDir = lib.mkOption {
      type = lib.types.str;
      default = "/var/lib/glider";
      description = ''
        Where store and keys are. In /var/lib systemd makes it, for a user that exists while the service runs;
        elsewhere it belongs to the user glider.
      '';
    };

    host = lib.mkOption {
      type = lib.types.str;
      default = "127.0.0.1";
      description = "The address it listens on. For another than this machine's own, requests need a token.";
    };

    port = lib.mkOption {
      type = lib.types.port;
      default = 4747;
      description = "The port it listens on.";
    };

    openFirewall = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether other machines may reach the port.";
    };

    storeUrl = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "wss://surrealdb.example";
      description = ''
        A SurrealDB elsewhere, with the credentials surrealdb-user and surrealdb-pass; in the data folder when null.
      '';
    };
  };

  config = lib.mkIf cfg.enable {
    services.glider.settings = lib.mkIf (cfg.storeUrl != null) { store.url = cfg.storeUrl; };

    assertions = [
      {
        assertion = secrets == [ ];
        message = "services.glider.settings holds what looks like a secret (${lib.concatStringsSep ", " secrets}), and the Nix store is readable by everybody: give it by services.glider.credentials or environmentFile.";
      }
      {
        assertion = unknownCredentials == [ ];
        message = "services.glider.credentials has names that Glider does not look for: ${lib.concatStringsSep ", " unknownCredentials}. It looks for ${lib.concatStringsSep ", " credentialNames}.";
      }
      {
        assertion = lib.all outside (
          lib.attrValues cfg.credentials ++ lib.optional (cfg.environmentFile != null) cfg.environmentFile
        );
        message = "services.glider.credentials and environmentFile name files by their absolute paths, outside of the Nix store, which is readable by everybody.";
      }
      {
        assertion =
          lib.hasPrefix "/" cfg.dataDir
          && !lib.any (folder: lib.hasPrefix folder "${cfg.dataDir}/") [
            "/home/"
            "/root/"
            "/run/user/"
            "/nix/"
          ];
        message = "services.glider.dataDir is an absolute path outside of /home, /root, /run/user and /nix, which the service does not see.";
      }
    ];

    warnings = lib.optional (
      cfg.openFirewall && ownHost
    ) "services.glider.openFirewall opens a port on which nothing listens: services.glider.host is this machine's own.";

    environment.systemPackages = [ command ];
    networking.firewall.allowedTCPPorts = lib.mkIf cfg.openFirewall [ cfg.settings.server.port ];

    users = lib.mkIf (!inState) {
      users.glider = {
        isSystemUser = true;
        group = "glider";
        description = "Glider";
      };
      groups.glider = { };
    };
    systemd.tmpfiles.settings = lib.mkIf (!inState) {
      "10-glider".${cfg.dataDir}.d = {
        user = "glider";
        group = "glider";
        mode = "0700";
      };
    };

    systemd.services.glider = {
      description = "Glider, a living copy of one person's data";
      wantedBy = [ "multi-user.target" ];
      wants = [ "network-online.target" ];
      after = [ "network-online.target" ];
      # five starts in five minutes that came to nothing are enough
      unitConfig = {
        StartLimitIntervalSec = 300;
        StartLimitBurst = 5;
      };
      # systemd-notify
      path = [ config.systemd.package ];
      environment = {
        GLIDER_CONFIG_TOML = "${configFile}";
        GLIDER_DATA_DIR = lib.mkIf (!inState) cfg.dataDir;
      };

      serviceConfig = lib.mkMerge [
        (import ./hardening.nix)
        {
          Type = "notify";
          # the notices come from systemd-notify, a process of its own
          NotifyAccess = "all";
          WatchdogSec = 60;
          ExecStart = "${lib.getExe cfg.package} run";
          ExecReload = "${lib.getExe' pkgs.coreutils "kill"} -HUP $MAINPID";
          Restart = "on-failure";
          RestartSec = 5;
          # a mistake in the config, and a sign-in that only a person can renew, are not mended by another start
          RestartPreventExitStatus = "2 3";
          # a store elsewhere is waited for, and an upgrade may have to move much
          TimeoutStartSec = 900;
          TimeoutStopSec = cfg.settings.scheduler.grace_seconds + 15;
          CacheDirectory = "glider";
          CacheDirectoryMode = "0700";
          LoadCredential = lib.mapAttrsToList (name: path: "${name}:${path}") cfg.credentials;
        }
        (lib.mkIf (cfg.environmentFile != null) { EnvironmentFile = cfg.environmentFile; })
        (
          if inState then
            {
              DynamicUser = true;
              StateDirectory = lib.removePrefix "/var/lib/" cfg.dataDir;
              StateDirectoryMode = "0700";
            }
          else
            {
              User = "glider";
              Group = "glider";
              ReadWritePaths = [ cfg.dataDir ];
            }
        )
      ];
    };
  };
}
