# Written by nix/dependencies-hash: what the packages of production are, and the hash of the tree that they make.
{
  lock = "5058a0d73485e329e45272832098e7ab3c5ad4fd3a0b72292aac5119e832b1e0";
  hash = "sha256-+Ncvr8VqzHeShSUjsOhfZ8fcN2IBGKFtS2d/q6JfeKE=";
}
