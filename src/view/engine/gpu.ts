/** Drivers that draw with the CPU. Not all browsers count that as a major performance caveat. */
const SOFTWARE = /SwiftShader|llvmpipe|softpipe|Basic Render/i

/** Whether a GPU draws here: on 2D canvases, too, as far as a page can know. */
export function hasGpu (canvas: OffscreenCanvas): boolean {
  const context = canvas.getContext('webgl', { failIfMajorPerformanceCaveat: true })
  if (!context) return false
  const info = context.getExtension('WEBGL_debug_renderer_info')
  const renderer = String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER))
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return !SOFTWARE.test(renderer)
}
