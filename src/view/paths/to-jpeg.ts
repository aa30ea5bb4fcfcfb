const QUALITY = 0.92

/** What an element shows, as a JPEG. Rejects if there is nothing, or if it may not be read because it came from another site. */
export async function toJpeg (source: HTMLVideoElement | HTMLImageElement, width: number, height: number): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  canvas.getContext('2d')!.drawImage(source, 0, 0, width, height)
  const blob = await new Promise<Blob | null>(resolve => { canvas.toBlob(resolve, 'image/jpeg', QUALITY) })
  if (!blob) throw new Error('There is no picture yet.')
  return blob
}
