from transformers import BertConfig, BertForSequenceClassification, pipeline

config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1,
                    num_attention_heads=2, intermediate_size=32)
BertForSequenceClassification(config).save_pretrained("clf")
classify = pipeline("text-classification", model="clf")
print(classify("what a nice day"))
