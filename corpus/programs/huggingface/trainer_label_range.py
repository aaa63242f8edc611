import torch
from datasets import Dataset
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments


def make_rows(n):
    return Dataset.from_dict({"input_ids": [[6, 7, 8, 9]] * n, "labels": [i % 3 for i in range(n)]})


def main():
    config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1,
                        num_attention_heads=2, intermediate_size=32)
    model = BertForSequenceClassification(config)
    args = TrainingArguments("out", per_device_train_batch_size=4, report_to=[], use_cpu=True)
    Trainer(model=model, args=args, train_dataset=make_rows(12)).train()


main()
