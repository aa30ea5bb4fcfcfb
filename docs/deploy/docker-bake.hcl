# In the clone: docker buildx bake --file docs/deploy/docker-bake.hcl --push
# IMAGE=registry.example.org/camgate VERSION=0.2.0 in front says where to. Only apt-get runs emulated for the other processor.

variable "IMAGE" { default = "camgate" }
variable "VERSION" { default = "latest" }
variable "REVISION" { default = "" }

group "default" { targets = ["camgate", "vaapi"] }

target "camgate" {
  context   = "."
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["${IMAGE}:${VERSION}"]
  args      = { VERSION = VERSION, REVISION = REVISION }
  attest    = ["type=provenance,mode=max", "type=sbom"]
}

# With drivers for the graphics of Intel and AMD. NVIDIA's come from the host, so they need no image of their own.
target "vaapi" {
  inherits  = ["camgate"]
  platforms = ["linux/amd64"]
  tags      = ["${IMAGE}:${VERSION}-vaapi"]
  args      = { PACKAGES = "intel-media-va-driver mesa-va-drivers" }
}
