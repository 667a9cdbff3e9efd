/** Width and height of a PNG, from its first chunk (PNG §11.2.1); null if it is none. */
export function pngSize(png: Uint8Array): { width: number; height: number } | null {
  if (png.length < 24 || !SIGNATURE.every((byte, i) => png[i] === byte)) return null;
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
