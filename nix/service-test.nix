# The service in a virtual machine of NixOS: `nix flake check` runs it.
self: {
  name = "glider";
  nodes.machine = {
    imports = [ self.nixosModules.default ];
    services.glider = {
      enable = true;
      settings.sync.spotify.interval_seconds = 120;
      credentials = {
        spotify-client-id = "/etc/spotify-client-id";
        spotify-client-secret = "/etc/spotify-client-secret";
      };
    };
    environment.etc.spotify-client-id.text = "of the test";
    environment.etc.spotify-client-secret.text = "of the test";
  };
  testScript = ''
    machine.wait_for_unit("glider.service")
    machine.succeed("curl --fail http://127.0.0.1:4747/livez")
    machine.succeed("glider status")
    machine.succeed("systemd-analyze security --threshold=15 glider.service")

    machine.succeed("systemctl kill --signal=KILL glider.service")
    machine.wait_until_succeeds("test $(systemctl show --property=NRestarts --value glider.service) = 1")
    machine.wait_for_unit("glider.service")
    machine.succeed("glider schedule list")

    machine.succeed("systemctl stop glider.service")
    machine.succeed("test $(systemctl show --property=Result --value glider.service) = success")
  '';
}
