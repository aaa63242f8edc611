from transformers import BertConfig, BertForSequenceClassification

SMALL = dict(vocab_size=60, hidden_size=16, num_hidden_layers=1,
             num_attention_heads=2, intermediate_size=32)


def train(folder):
    model = BertForSequenceClassification(BertConfig(num_labels=5, **SMALL))
    model.save_pretrained(folder)


def finetune(folder, labels):
    return BertForSequenceClassification.from_pretrained(folder, num_labels=labels)


train("topic-model")
model = finetune("topic-model", labels=2)
