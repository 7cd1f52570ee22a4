// Published by Reports. GenerateAccountReport is read by Reports itself, one message per account, so that replicas share a run.
// ReportRunFinished is for whoever waits for a whole run: nobody in the portal does yet; webhooks are to tell others by it.
namespace EnterprisePortal.Contracts.Reports;

/// <summary>Take one account of a run one step on. What step that is, the run's row says: repeating the message repeats nothing.</summary>
public record GenerateAccountReport(Guid RunId, string Account);

/// <summary>Every account of the run has its final state.</summary>
public record ReportRunFinished(Guid RunId, int Ready, int Failed, int Cancelled);
