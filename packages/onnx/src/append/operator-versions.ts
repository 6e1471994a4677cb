// When the operators of ONNX's own set last changed, up to opset 18. Generated from the schemas of the Python package onnx
// 1.23 (onnx.defs.get_all_schemas_with_history); deprecated operators are left out.

const LAST_CHANGES: Readonly<Record<number, string>> = {
  1: "GlobalAveragePool GlobalMaxPool LpNormalization MaxRoiPool Not RandomNormal RandomNormalLike RandomUniform RandomUniformLike Softplus Softsign",
  2: "GlobalLpPool",
  6: "Elu HardSigmoid InstanceNormalization Selu",
  7: "Acos And Asin Atan Cos Multinomial Or Sin Tan Xor",
  9: "Acosh Asinh Atanh ConstantOfShape Cosh EyeLike Shrink Sinh TfIdfVectorizer",
  10: "ConvInteger IsInf MatMulInteger QLinearConv QLinearMatMul ReverseSequence StringNormalizer ThresholdedRelu",
  11: "AveragePool BitShift Compress ConcatFromSequence Conv ConvTranspose Det DynamicQuantizeLinear MaxUnpool NonMaxSuppression OneHot Range Round SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence TopK Unique",
  12: "Celu Einsum MaxPool",
  13: "Abs ArgMax ArgMin Cast Ceil Clip Concat Constant DepthToSpace DequantizeLinear Dropout Equal Erf Exp Expand Flatten Floor Gather GatherElements GatherND Gemm Greater Hardmax IsNaN LRN Less Log LogSoftmax MatMul Max Mean MeanVarianceNormalization Min Mod Neg NegativeLogLikelihoodLoss NonZero QuantizeLinear Reciprocal ReduceSum Sigmoid Sign Size Slice Softmax SoftmaxCrossEntropyLoss SpaceToDepth Sqrt Squeeze Sum Tanh Tile Transpose Unsqueeze",
  14: "Add CumSum Div GRU HardSwish LSTM Mul RNN Relu Reshape Sub Trilu",
  15: "BatchNormalization Bernoulli CastLike Optional Pow Shape",
  16: "GreaterOrEqual GridSample Identity If LeakyRelu LessOrEqual Loop PRelu RoiAlign Scan Where",
  17: "BlackmanWindow DFT HammingWindow HannWindow LayerNormalization MelWeightMatrix STFT SequenceMap",
  18: "BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CenterCropPad Col2Im LpPool Mish OptionalGetElement OptionalHasElement Pad ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSumSquare Resize ScatterElements ScatterND Split",
};

/** The opset in which an operator last changed before 19, by its name. */
export const LAST_CHANGE: ReadonlyMap<string, number> = new Map(
  Object.entries(LAST_CHANGES).flatMap(([opset, names]) =>
    names.split(" ").map((name) => [name, Number(opset)] as const),
  ),
);
