{
  description = "Glider: a living copy of one person's data, in a database that person owns";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      # those that the native addon has a build for
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      forSystems = systems: make: lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      linux = lib.filter (lib.hasSuffix "-linux") systems;
      packageOf = pkgs: self.packages.${pkgs.stdenv.hostPlatform.system}.glider;
    in
    {
      packages = forSystems systems (pkgs: rec {
        glider = pkgs.callPackage ./nix/package.nix { };
        default = glider;
      });

      apps = forSystems systems (pkgs: rec {
        glider = {
          type = "app";
          program = lib.getExe (packageOf pkgs);
          meta.description = "Glider's command line";
        };
        default = glider;
      });

      devShells = forSystems systems (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.esbuild
            pkgs.git
            pkgs.nodejs_24
          ];
          # what npm brings for it is not linked for NixOS
          env.ESBUILD_BINARY_PATH = lib.getExe pkgs.esbuild;
          LD_LIBRARY_PATH = lib.makeLibraryPath [ pkgs.stdenv.cc.cc.lib ];
        };
      });

      nixosModules = rec {
        glider = import ./nix/module.nix self;
        default = glider;
      };

      nixosConfigurations.example = lib.nixosSystem {
        modules = [
          self.nixosModules.default
          ./nix/example.nix
          { nixpkgs.hostPlatform = "x86_64-linux"; }
        ];
      };

      checks = forSystems linux (pkgs: {
        package = packageOf pkgs;
        service = pkgs.testers.runNixOSTest (import ./nix/service-test.nix self);
      });
    };
}
