"""The section that a task is about: it can be done once that one was taught."""

SECTIONS = {
    "00_tensors": {
        "Broadcasting": "one_hot standardize_columns pairwise_distances",
        "Views: one memory, several tensors": "channels_last",
    },
    "01_dataset": {
        "Write your own: three methods": "squares_dataset",
        "What a sample is made of": "fixed_length table_dataset",
        "Load only what is asked for": "cached_dataset folder_dataset",
        "Split without leakage": "no_leakage",
    },
    "02_dataloader": {
        "The last batch": "count_batches",
        "The order": "epoch_orders",
        "Samplers": "balanced_loader",
        "From samples to a batch": "pad_collate dict_collate bucket_batches",
        "Every worker is a copy": "sharded_stream",
    },
    "03_module": {
        "Parameters, buffers, and lists of layers": "linear mlp running_mean",
        "Shapes through a convolutional network": "small_cnn",
        "Models that others built": "residual_block",
        "A new head": "count_parameters new_head",
    },
    "04_autograd": {
        "The graph that PyTorch writes down": "operations_in_graph",
        "Backward is the chain rule": "gradient_by_hand value_engine",
        "Gradients add up": "accumulated_gradients second_derivative",
        "Stopping gradients": "stop_gradient",
        "A function of your own": "straight_through",
    },
    "05_training": {
        "Five steps": "train_step",
        "Optimizers and their rules": "momentum_sgd",
        "Epochs and the learning rate": "warmup_cosine",
        "The device": "to_device",
        "Validation and early stopping": "evaluate early_stopping fit",
        "Checkpoints and reproducibility": "checkpoint",
    },
    "06_inference": {
        "Two modes: train and eval": "dropout",
        "Without a graph": "predict",
        "Accuracy, and when it lies": "confusion_matrix",
        "Precision, recall, F1": "precision_recall_f1",
        "Thresholds and probabilities": "best_threshold calibrate",
        "Errors of a quantity": "regression_metrics",
    },
    "07_project": {
        "From letters to batches": "vocabulary encode_batch",
        "A model that reads": "classifier",
        "Train, and stop in time": "train_languages",
        "Where it errs": "report",
    },
}


def needs(stem: str, title: str) -> list[str]:
    """The slugs of the tasks that are about a section of a lesson."""
    return SECTIONS.get(stem, {}).get(title, "").split()
