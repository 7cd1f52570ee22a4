using System.Collections;
using System.Globalization;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Search.FamilySearch;
using EnterprisePortal.Search.Snapshots;
using EnterprisePortal.ServiceDefaults.People;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Store;
using Lucene.Net.Util;

namespace EnterprisePortal.Benchmarks;

/// <summary>
/// The same families and questions in Lucene.Net: a document for each family, its words, e-mails and reversed phones as terms, questions as
/// prefixes, the account as a doc value. Names are checked on whole guardians, counted up to the same cap and fifty are shown, as the
/// product does.
/// </summary>
sealed class LuceneIndex : IDisposable
{
    const int Shown = 50, MostHits = 1200;
    readonly MMapDirectory directory;
    readonly DirectoryReader reader;
    readonly IndexSearcher searcher;

    LuceneIndex(MMapDirectory directory)
    {
        this.directory = directory;
        reader = DirectoryReader.Open(directory);
        searcher = new(reader);
    }

    public long Bytes => directory.ListAll().Sum(directory.FileLength);

    public static LuceneIndex Load(string folder, int families)
    {
        var files = new MMapDirectory(folder);
        using (var writer = new IndexWriter(files, new(LuceneVersion.LUCENE_48, new KeywordAnalyzer()) { RAMBufferSizeMB = 256 }))
        {
            Parallel.For(0, World.Accounts, account =>
            {
                foreach (var number in Families.NumbersOf(account, families))
                    writer.AddDocument(Of(Families.Of(number), account + 1));
            });
            writer.ForceMerge(1);
        }
        return new(files);
    }

    static Document Of(AccountFamily family, int account)
    {
        var guardians = family.Guardians.Select(guardian => NameTokens.ToFind($"{guardian.FirstName} {guardian.LastName}")).ToList();
        var document = new Document
            { new NumericDocValuesField("account", account),
                new StoredField("family", JsonSerializer.SerializeToUtf8Bytes(family, SnapshotJson.Default.AccountFamily)) };
        foreach (var word in guardians.SelectMany(words => words).Distinct())
            document.Add(new StringField("word", word, Field.Store.NO));
        document.Add(new StoredField("words", string.Join('|', guardians.Select(words => " " + string.Join(' ', words)))));
        foreach (var email in family.Emails)
            document.Add(new StringField("email", email.ToLowerInvariant(), Field.Store.NO));
        foreach (var phone in family.Phones)
            document.Add(new StringField("phone", PhoneDigits.Reversed(PhoneDigits.Of(phone)), Field.Store.NO));
        return document;
    }

    public Task Ask(Question question, BitArray reach)
    {
        var criteria = Criteria.Read(question.Name, question.Email, question.Phone, [])!;
        var query = new BooleanQuery();
        foreach (var word in criteria.Words)
            query.Add(new PrefixQuery(new("word", word)), Occur.MUST);
        if (criteria.Email.Length > 0)
            query.Add(new PrefixQuery(new("email", criteria.Email)), Occur.MUST);
        foreach (var phone in criteria.Phones)
            query.Add(new PrefixQuery(new("phone", phone)), Occur.MUST);
        var hits = new Hits(reach);
        try
        {
            searcher.Search(query, hits);
        }
        catch (CollectionTerminatedException)
        {
            // Enough of them.
        }
        var shown = 0;
        foreach (var hit in hits.Documents)
        {
            var document = searcher.Doc(hit);
            if (criteria.Words.Count < 2 || document.GetField("words").GetStringValue(CultureInfo.InvariantCulture).Split('|')
                .Any(guardian => criteria.Words.TrueForAll(word => guardian.Contains(" " + word, StringComparison.Ordinal))))
            {
                JsonSerializer.Deserialize(document.GetBinaryValue("family").Bytes, SnapshotJson.Default.AccountFamily);
                if (++shown == Shown)
                    break;
            }
        }
        return Task.CompletedTask;
    }

    sealed class Hits(BitArray reach) : ICollector
    {
        readonly Dictionary<long, int> perAccount = [];
        NumericDocValues accounts = null!;
        int start;

        public List<int> Documents { get; } = [];
        public bool AcceptsDocsOutOfOrder => true;

        public void SetScorer(Scorer scorer) { }

        public void SetNextReader(AtomicReaderContext context) =>
            (accounts, start) = (context.AtomicReader.GetNumericDocValues("account"), context.DocBase);

        public void Collect(int doc)
        {
            var account = accounts.Get(doc);
            if (!reach[(int)account])
                return;
            perAccount[account] = perAccount.GetValueOrDefault(account) + 1;
            Documents.Add(start + doc);
            if (Documents.Count == MostHits)
                throw new CollectionTerminatedException();
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        directory.Dispose();
    }
}
