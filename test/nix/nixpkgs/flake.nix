# A stand-in for nixpkgs, so that Glider's flake evaluates without a network: the functions, types and options that it asks for, and
# derivations that are made and never built. docs/nix.md tells what that shows, and what it does not.
{
  outputs =
    { self }:
    let
      lib = import ./lib.nix;
    in
    {
      lib = lib // {
        nixosSystem = import ./nixos.nix { inherit lib; nixpkgs = self; };
      };
      legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ] (
        system: import ./packages.nix { inherit lib system; nixpkgs = self; }
      );
    };
}
