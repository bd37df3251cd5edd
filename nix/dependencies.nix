# Written by nix/dependencies-hash: what the packages of production are, and the hash of the tree that they make.
{
  lock = "556d47ed105a608eac1c82b3e6bb5c1b67368e14258cecf42b05ba2e9b47f2f4";
  hash = "sha256-q938Bu/DbvOi+SkPthfzDj1tYhlRFr0o+HmfyhYRRm8=";
}
