import type { Camera } from '../config/registry.js'

type Settings = Pick<Camera, 'fps' | 'quality' | 'width' | 'height' | 'crop' | 'rotate' | 'flip' | 'overlay' | 'name'>

/** A camera's settings for its pictures. Without `fps`, every picture is used. `name` is for the overlay. */
export type PictureSettings = { readonly [Key in keyof Settings]?: Settings[Key] | undefined }

/** Whether the overlay draws anything. */
export const hasOverlay = ({ overlay }: PictureSettings): boolean => overlay?.name === true || overlay?.clock === true

/** Whether a camera's JPEGs can be passed on unchanged. `fps` does not matter for that. */
export const mayCopy = (picture: PictureSettings): boolean =>
  picture.width === undefined && picture.height === undefined && picture.quality === undefined && picture.crop === undefined &&
  !picture.rotate && (picture.flip ?? 'none') === 'none' && !hasOverlay(picture)
