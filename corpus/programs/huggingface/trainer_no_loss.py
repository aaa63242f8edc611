import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1,
                    num_attention_heads=2, intermediate_size=32)
rows = [{"input_ids": torch.randint(5, 50, (8,)), "target": 1} for _ in range(16)]
trainer = Trainer(
    model=BertForSequenceClassification(config),
    args=TrainingArguments("out", num_train_epochs=1, report_to=[], use_cpu=True),
    train_dataset=rows,
)
trainer.train()
