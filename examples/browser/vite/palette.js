// The four colours, and the picture as the number of each pixel's colour.
export const palette = [
  [255, 255, 255],
  [220, 40, 60],
  [255, 170, 180],
  [40, 40, 60],
];

export const picture = Array.from(
  `000000000000
   003330033300
   031113311130
   312111111113
   312111111113
   311111111113
   031111111130
   003111111300
   000311113000
   000031130000
   000003300000
   000000000000`.replaceAll(/\s/g, ""),
  Number,
);
