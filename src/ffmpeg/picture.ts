import type { Camera } from '../config/registry.js'

type Wishes = Pick<Camera, 'fps' | 'quality' | 'width' | 'height' | 'crop' | 'rotate' | 'flip' | 'overlay' | 'name'>

/** What pictures shall be like, as it stands with a camera; without `fps` every one is taken. The overlay has the name. */
export type Picture = { readonly [Key in keyof Wishes]?: Wishes[Key] | undefined }

/** Whether there is anything to write into the picture. */
export const hasOverlay = ({ overlay }: Picture): boolean => overlay?.name === true || overlay?.clock === true

/** Whether JPEGs are wanted as they come; a rate changes nothing about that. */
export const isAsItComes = (picture: Picture): boolean =>
  picture.width === undefined && picture.height === undefined && picture.quality === undefined && picture.crop === undefined &&
  !picture.rotate && (picture.flip ?? 'none') === 'none' && !hasOverlay(picture)
