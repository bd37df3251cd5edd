# A machine that keeps calendar and listening. `nixos-rebuild build --flake .#example` builds it.
{
  services.glider = {
    enable = true;
    settings = {
      scheduler.timezone = "Europe/Berlin";
      sync.google_calendar.interval_seconds = 1800;
      sync.spotify.interval_seconds = 120;
    };
    credentials = {
      google-client-id = "/run/secrets/google-client-id";
      google-client-secret = "/run/secrets/google-client-secret";
      spotify-client-id = "/run/secrets/spotify-client-id";
      spotify-client-secret = "/run/secrets/spotify-client-secret";
    };
  };

  # a container needs neither disks nor a boot loader
  boot.isContainer = true;
  system.stateVersion = "26.05";
}
