import t from 'tap'
import { hasGpu } from '../../../src/view/engine/gpu.js'

const RENDERER = 1
const UNMASKED_RENDERER_WEBGL = 2

/** A canvas whose WebGL has a driver of this name. */
const canvas = (driver: string | undefined, tells = true) => ({
  getContext: () => driver === undefined
    ? null
    : {
        RENDERER,
        getExtension: (name: string) => name === 'WEBGL_lose_context' ? { loseContext () {} } : tells ? { UNMASKED_RENDERER_WEBGL } : null,
        getParameter: (name: number) => name === UNMASKED_RENDERER_WEBGL ? driver : tells ? 'WebKit WebGL' : driver
      }
}) as unknown as OffscreenCanvas

t.test('a GPU draws where WebGL has a driver that is not a program', async t => {
  t.equal(hasGpu(canvas('ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)')), true)
  t.equal(hasGpu(canvas('Adreno (TM) 650', false)), true)
  t.equal(hasGpu(canvas(undefined)), false)
  t.equal(hasGpu(canvas('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)')), false)
  t.equal(hasGpu(canvas('llvmpipe, or similar', false)), false)
  t.equal(hasGpu(canvas('ANGLE (Microsoft, Microsoft Basic Render Driver (0x0000008C) Direct3D11)')), false)
})
