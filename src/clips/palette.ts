/** Colours of one camera's scene, as ffmpeg writes them: `0xRRGGBB`. */
export interface Palette { dark: string; deep: string; soft: string; warm: string }

/** Distinct colours for each camera: numeric ids get hues a golden angle apart, other ids one computed from their letters. */
export function paletteOf (id: string): Palette {
  const position = /^\d{1,6}$/.test(id) ? Number(id) : [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7)
  const hue = (60 + position * 137.508) % 360
  return {
    dark: colour(hue + 25, 0.48, 0.13),
    deep: colour(hue, 0.5, 0.27),
    soft: colour(hue - 10, 0.45, 0.56),
    warm: colour(hue + 200, 0.78, 0.74)
  }
}

/** From hue in degrees, saturation and lightness 0 to 1. */
function colour (hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const part = (n: number) => {
    const k = (n + (hue + 360) / 30) % 12
    const level = lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(level * 255).toString(16).padStart(2, '0')
  }
  return `0x${part(0)}${part(8)}${part(4)}`
}
