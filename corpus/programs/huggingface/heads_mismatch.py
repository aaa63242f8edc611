from transformers import BertConfig, BertForSequenceClassification

config = BertConfig(vocab_size=500, hidden_size=100, num_hidden_layers=2,
                    num_attention_heads=12, intermediate_size=200)
model = BertForSequenceClassification(config)
print(sum(p.numel() for p in model.parameters()))
